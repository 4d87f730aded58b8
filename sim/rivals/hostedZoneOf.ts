import type { World } from '../world.ts';

/** The bare id of the hosted zone of that name. */
export function hostedZoneOf(world: World, zone: string): string {
  const [found] = world.route53.listHostedZonesByName({ DNSName: zone, MaxItems: 1 }).HostedZones ?? [];
  if (found?.Id === undefined || found.Name !== `${zone}.`) {
    throw new Error(`Cannot find a hosted zone: must be one of name "${zone}": found "${found?.Name ?? 'none'}"`);
  }
  return found.Id.replace('/hostedzone/', '');
}
