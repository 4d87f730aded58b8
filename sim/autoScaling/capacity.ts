import type { Group, Member } from './group.ts';
import type { MemberLifecycle } from './memberLifecycle.ts';
import { countsAsCapacity, isEnding, isReadyInPool, isWarmed } from './memberState.ts';

/**
 * Launches and terminates until the group is on its way to its desired capacity, and its warm pool to its size. Members leave oldest first;
 * those protected from scale-in stay.
 */
export function balance(group: Group, lifecycle: MemberLifecycle): void {
  if (group.deleting) {
    return;
  }
  balanceMembers(group, lifecycle);
  balancePool(group, lifecycle);
}

function balanceMembers(group: Group, lifecycle: MemberLifecycle): void {
  const members = group.members.filter(countsAsCapacity);
  const missing = group.desiredCapacity - members.length;
  if (missing > 0) {
    const cause = `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${members.length} to ${group.desiredCapacity}.`;
    const warmed = group.members.filter(isReadyInPool).slice(0, missing);
    for (const member of warmed) {
      lifecycle.leavePool(group, member, cause);
    }
    for (let launched = warmed.length; launched < missing; launched++) {
      lifecycle.launch(group, 'AutoScalingGroup', cause);
    }
  }
  if (missing < 0) {
    const cause = `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${members.length} to ${group.desiredCapacity}.`;
    for (const member of members.filter((one) => !one.protectedFromScaleIn).slice(0, -missing)) {
      if (member.state === 'InService' && group.warmPool?.reuseOnScaleIn === true) {
        lifecycle.returnToPool(group, member, cause);
      } else {
        lifecycle.terminate(group, member, cause);
      }
    }
  }
}

function balancePool(group: Group, lifecycle: MemberLifecycle): void {
  const members: readonly Member[] = group.members.filter((member) => isWarmed(member) && !isEnding(member));
  const missing = poolSize(group) - members.length;
  for (let launched = 0; launched < missing; launched++) {
    lifecycle.launch(group, 'WarmPool', 'an instance was launched into the warm pool to maintain its size.');
  }
  for (const member of members.slice(0, Math.max(0, -missing))) {
    lifecycle.terminate(group, member, 'an instance was taken out of the warm pool to maintain its size.');
  }
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html */
function poolSize(group: Group): number {
  const pool = group.warmPool;
  if (pool === undefined || pool.deleting) {
    return 0;
  }
  return Math.max(pool.minSize, (pool.maxGroupPreparedCapacity ?? group.maxSize) - group.desiredCapacity);
}
