import type { ClusterName, Group } from './model.ts';
import { fullWeight, parseWeight } from './weight.ts';

/** What a group's tags say, with the defaults of docs/configuration.md. */
export interface GroupSettings {
  readonly port: number;
  /** The `_service` label of the SRV name, without its underscore. */
  readonly service: string;
  /** Weight a new instance starts with. */
  readonly weight: number;
  readonly priority: number;
  /** Seconds. */
  readonly ttl: number;
  /** Seconds a host stays at weight 0, counted from the moment no resolver can still hold the old weight. */
  readonly drainSeconds: number;
  /** One sentence for each tag that could not be read; its default stands in above. */
  readonly problems: readonly string[];
}

/** A group of a cluster with what its tags say. While its settings have problems, its hosts stay as recorded and no new one is registered. */
export interface ConfiguredGroup {
  readonly group: Group;
  readonly settings: GroupSettings;
}

/** Reads the configuration that a group's tags carry. An unreadable tag is a problem, never a silent default. */
export function groupSettings(group: Group): GroupSettings {
  const problems: string[] = [];
  const read = <Value>(
    tag: string,
    standard: Value,
    parse: (raw: string) => Value | undefined,
    want: string,
  ): Value => {
    const raw = group.tags[tag];
    if (raw === undefined) {
      return standard;
    }
    const value = parse(raw);
    if (value === undefined) {
      problems.push(`Cannot read tag "${tag}" of group "${group.name}": must be ${want}: current value is "${raw}"`);
    }
    return value ?? standard;
  };
  return {
    port: read('srv_port', 443, wholeNumber(1, 65_535), '1 to 65535'),
    service: read('srv_service', 'http', (raw) => (isServiceName(raw) ? raw : undefined), 'a lower-case service name'),
    weight: read('srv_weight', fullWeight, parseWeight, '0 to 65535 or a percentage'),
    priority: read('srv_priority', 0, wholeNumber(0, 65_535), '0 to 65535'),
    ttl: read('srv_ttl', 10, wholeNumber(1, 2_147_483_647), '1 to 2147483647 seconds'),
    drainSeconds: read('srv_drain_seconds', 60, wholeNumber(0, 172_800), '0 to 172800 seconds'),
    problems,
  };
}

/** The cluster a group opts into, if it is one this zone's stack looks after. */
export function clusterOf(group: Group, zone: string): ClusterName | undefined {
  const cluster = group.tags['srv_cluster'];
  const groupZone = group.tags['srv_zone'];
  if (cluster === undefined || !isClusterName(cluster)) {
    return undefined;
  }
  return groupZone === undefined || groupZone.toLowerCase().replace(/\.$/, '') === zone ? cluster : undefined;
}

/** A cluster's name is one DNS label (RFC 1123, section 2.1), lower case. */
export function isClusterName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

/** A service name has 1 to 15 letters, digits and single hyphens, with one letter at least (RFC 6335, section 5.1). */
function isServiceName(name: string): boolean {
  return /^(?=.*[a-z])[a-z0-9](?:-?[a-z0-9]){0,14}$/.test(name) && name.length <= 15;
}

function wholeNumber(least: number, most: number): (raw: string) => number | undefined {
  return (raw) => {
    const value = /^\d{1,10}$/.test(raw.trim()) ? Number(raw) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}
