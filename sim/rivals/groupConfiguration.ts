import type { ClusterName, Group } from '../../lambda/reconcile/model.ts';

/** What a rival makes of a group's tags: it trusts them. */
export interface GroupConfiguration {
  readonly cluster: ClusterName | undefined;
  readonly service: string;
  readonly port: number;
  readonly weight: number;
  /** Seconds. */
  readonly ttl: number;
  readonly drainSeconds: number;
}

/** Reads the tags of a group, with the defaults of docs/configuration.md. */
export function groupConfiguration({ tags }: Group): GroupConfiguration {
  return {
    cluster: tags['srv_cluster'],
    service: tags['srv_service'] ?? 'http',
    port: Number(tags['srv_port'] ?? 443),
    weight: trustedWeight(tags['srv_weight']) ?? 65_535,
    ttl: Number(tags['srv_ttl'] ?? 10),
    drainSeconds: Number(tags['srv_drain_seconds'] ?? 60),
  };
}

/** A weight as a whole number; a rival knows no percentages. */
export function trustedWeight(tag: string | undefined): number | undefined {
  const weight = Number(tag ?? Number.NaN);
  return Number.isInteger(weight) ? weight : undefined;
}
