import type { Member } from './group.ts';

const warmedPrefix = 'Warmed:';

/** Whether the member belongs to the warm pool. */
export function isWarmed(member: Pick<Member, 'state'>): boolean {
  return member.state.startsWith(warmedPrefix);
}

/** Whether the member is a warmed one that is ready to go into service. */
export function isReadyInPool(member: Member): boolean {
  return member.state === 'Warmed:Stopped' || member.state === 'Warmed:Running' || member.state === 'Warmed:Hibernated';
}

/** Whether the member is on its way out for good, or out. */
export function isEnding(member: Member): boolean {
  const state = isWarmed(member) ? member.state.slice(warmedPrefix.length) : member.state;
  return state.startsWith('Terminat') || state.startsWith('Detach');
}

/** Whether the member counts toward desired capacity. A state that AWS may yet invent counts, so that it is not replaced. */
export function countsAsCapacity(member: Member): boolean {
  return !isWarmed(member) && !isEnding(member) && !isStandby(member);
}

/** Whether the member is out of service at somebody's wish; its health is nobody's business then. */
export function isStandby(member: Member): boolean {
  return member.state === 'EnteringStandby' || member.state === 'Standby';
}
