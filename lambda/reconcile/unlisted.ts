import { asRemembered, type Case, type Host } from './case.ts';
import { gone } from './gone.ts';
import { forgottenSeconds } from './limits.ts';

/** Recorded, and in no group that was read. Missing is not empty: it leaves on positive evidence only. */
export function unlisted(given: Case): Host {
  const { instance, instanceId, observation, now, stamp } = given;
  if (instance !== undefined) {
    const { autoScalingGroup, tags } = instance;
    if (autoScalingGroup === undefined && (tags.ip_address !== undefined || tags.srv_weight !== undefined)) {
      return gone(given, 'detached: Auto Scaling took its tag away');
    }
    const host = asRemembered(given, 'no group that was read lists it, kept as recorded');
    const { groups, cluster } = observation;
    if (autoScalingGroup === undefined || groups.some(({ name }) => name === autoScalingGroup)) {
      return host;
    }
    const text = `Cannot follow instance "${instanceId}": its group must be of cluster "${cluster}", whose record holds it: found group "${autoScalingGroup}"`;
    return { ...host, notices: [{ kind: 'drift', subject: instanceId, text }] };
  }
  if (!observation.denied.has(instanceId)) {
    return asRemembered(given, 'neither Auto Scaling nor EC2 mentions it, kept as recorded');
  }
  const deniedSince = observation.woken.denied[instanceId] ?? stamp;
  const dueAt = deniedSince + forgottenSeconds;
  return now >= dueAt
    ? gone(given, 'EC2 says twice that it does not exist')
    : { ...asRemembered(given, 'EC2 says that it does not exist, asked again later'), deniedSince, dueAt };
}
