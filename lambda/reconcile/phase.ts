/**
 * What an instance's life means for its target. One row each:
 *
 * | phase      | Auto Scaling says                                                                          | target              |
 * |------------|--------------------------------------------------------------------------------------------|---------------------|
 * | `serving`  | Pending, Pending:Wait, Pending:Proceed, InService                                            | by its tags         |
 * | `draining` | Terminating, Terminating:Wait                                                                | weight 0, then none |
 * | `resting`  | EnteringStandby, Standby, Quarantined, ReplacingRootVolume*, RootVolumeReplaced              | weight 0            |
 * | `pooled`   | Warmed:*                                                                                     | none                |
 * | `gone`     | Terminating:Proceed, Terminated, Detaching, Detached, *:Retained; or EC2 says it is dead     | none                |
 * | `unlisted` | nothing: no group that was read lists it                                                     | as recorded         |
 * | `unknown`  | a state that is not in this table                                                            | as recorded         |
 */
export type Phase = 'serving' | 'draining' | 'resting' | 'pooled' | 'gone' | 'unlisted' | 'unknown';

/** Reads the table above. EC2's word that an instance is dead outweighs Auto Scaling's, which notices later. */
export function phaseOf(lifecycleState: string | undefined, instanceState: string | undefined): Phase {
  if (lifecycleState?.startsWith('Warmed:') === true) {
    return 'pooled';
  }
  if (instanceState !== undefined && isDead(instanceState)) {
    return 'gone';
  }
  switch (lifecycleState) {
    case undefined:
      return 'unlisted';
    case 'Pending':
    case 'Pending:Wait':
    case 'Pending:Proceed':
    case 'InService':
      return 'serving';
    case 'Terminating':
    case 'Terminating:Wait':
      return 'draining';
    case 'EnteringStandby':
    case 'Standby':
    case 'Quarantined':
    case 'ReplacingRootVolume':
    case 'ReplacingRootVolume:Wait':
    case 'ReplacingRootVolume:Proceed':
    case 'RootVolumeReplaced':
      return 'resting';
    case 'Terminating:Proceed':
    case 'Terminated':
    case 'Detaching':
    case 'Detached':
      return 'gone';
    default:
      return lifecycleState.endsWith(':Retained') ? 'gone' : 'unknown';
  }
}

/** EC2 instance states in which nothing answers any more: such a host does not wait for a drain. */
export function isDead(instanceState: string): boolean {
  return ['shutting-down', 'terminated', 'stopping', 'stopped'].includes(instanceState);
}
