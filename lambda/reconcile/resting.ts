import { addressOf } from './address.ts';
import { asRecorded, blank, type Case, type Host, stateOf } from './case.ts';

/** Weight 0 with its tags untouched, so that the operator's weight comes back with the host. */
export function resting(given: Case): Host {
  const { instance, recorded, listed, instanceId } = given;
  const reason = `${stateOf(given)}, rests at weight 0`;
  const { ip_address, srv_weight } = instance?.tags ?? {};
  if (ip_address !== undefined && srv_weight === undefined) {
    return { ...blank(given, 'tag srv_weight was removed by an operator'), asked: true };
  }
  if (recorded !== undefined) {
    return { ...asRecorded(given, reason), target: { ...recorded, weight: 0 }, draining: true };
  }
  const { address, notices } =
    instance === undefined ? { address: undefined, notices: [] } : addressOf(given, instance);
  if (
    listed === undefined ||
    listed.group.settings.problems.length > 0 ||
    srv_weight === undefined ||
    address === undefined
  ) {
    return { ...blank(given, reason), notices };
  }
  const { priority, port } = listed.group.settings;
  const target = { instanceId, priority, weight: 0, port };
  return { ...blank(given, reason), target, address, draining: true, notices };
}
