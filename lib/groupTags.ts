import type { Registration } from './resolveRegistration.ts';

/** The tags that configure a group, by key. All of them are always written, so that a setting put back to its default leaves nothing behind. */
export function groupTags(registration: Registration, zoneName: string): Readonly<Record<string, string>> {
  return {
    srv_cluster: registration.cluster,
    srv_port: String(registration.port),
    srv_service: registration.service,
    srv_weight: String(registration.weight),
    srv_priority: String(registration.priority),
    srv_ttl: String(registration.ttlSeconds),
    srv_drain_seconds: String(registration.drainSeconds),
    // Where two stacks serve two zones of one Region, this keeps the other one away.
    srv_zone: zoneName,
  };
}
