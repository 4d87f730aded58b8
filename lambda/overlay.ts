import type { Instance, Observation, TagChange } from './reconcile/model.ts';

/** Lays the tags that this pass wrote over what it reads afterwards: EC2 may answer with older ones for a while. */
export function overlaid(observation: Observation, written: readonly TagChange[]): Observation {
  const instances = new Map(observation.instances);
  for (const { instanceId, set, remove } of written) {
    const instance = instances.get(instanceId);
    if (instance !== undefined) {
      instances.set(instanceId, withTags(instance, set, remove));
    }
  }
  return { ...observation, instances };
}

function withTags(instance: Instance, set: TagChange['set'], remove: TagChange['remove']): Instance {
  const kept = Object.fromEntries(
    Object.entries(instance.tags).filter(([key]) => !remove.some((name) => name === key)),
  );
  return { ...instance, tags: { ...kept, ...tagValues(set) } };
}

/** Tags as they are written: the instant of `srv_drain_until` in ISO 8601. */
export function tagValues(set: TagChange['set']): Readonly<Record<string, string>> {
  const { srv_drain_until, ...texts } = set;
  return srv_drain_until === undefined
    ? texts
    : { ...texts, srv_drain_until: new Date(srv_drain_until * 1000).toISOString() };
}
