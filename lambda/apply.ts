import { asError } from './asError.ts';
import type { Trouble } from './observe.ts';
import { tagValues } from './overlay.ts';
import type { ChangeResult, LifecycleAction, Ports, WakeUpMessage } from './ports.ts';
import { arrived, sameRecordSets } from './reconcile/arrived.ts';
import { type Shipment, shipments } from './reconcile/batches.ts';
import { planSecondsMax, publicationsMax, wakeUpHopSeconds } from './reconcile/limits.ts';
import type {
  ClusterName,
  InstanceId,
  Instant,
  Observation,
  Plan,
  RecordWrite,
  TagChange,
  WakeUp,
} from './reconcile/model.ts';
import { encodeWakeUp } from './reconcile/trigger.ts';

/** A plan and what it was made from. */
export interface Planned {
  readonly observation: Observation;
  readonly plan: Plan;
}

/** What became of a plan. `again`: it must be made anew, as the record is no longer what it was made from, or a tag could not be written. */
export type Applied = Planned & {
  /** Tags that were written. */
  readonly tagged: readonly TagChange[];
  /** Instances whose registration tags could not be written. */
  readonly untagged: readonly InstanceId[];
  /** What failed without stopping the plan. */
  readonly troubles: readonly Trouble[];
} & Progress;

type Progress =
  | { readonly kind: 'done'; readonly changeId?: string }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly error: Error };

/**
 * Makes plans real, in this order: tags of joining hosts; records, each cluster's as one swap; tags of leaving hosts; lifecycle actions;
 * wake-ups. A cluster goes on to the next step only when the step before is done, so a pass cut off anywhere leaves what a later pass
 * finishes. One cluster's failure stops only itself, and one instance's tags hold up nobody else.
 */
export async function apply(plans: readonly Planned[], ports: Ports): Promise<readonly Applied[]> {
  const progress = new Map<ClusterName, Progress>();
  const troubles: Trouble[] = [];
  const going = (): readonly Planned[] =>
    plans.filter(({ plan }) => (progress.get(plan.cluster)?.kind ?? 'done') === 'done');
  const trouble = (cluster: ClusterName, error: Error): void => void troubles.push({ cluster, error });
  const fail = (cluster: ClusterName, error: Error): void => void progress.set(cluster, { kind: 'failed', error });

  for (const { observation, plan } of plans) {
    if (plan.kind === 'change' && isOld(observation, ports)) {
      progress.set(plan.cluster, { kind: 'again' });
    }
  }
  const joined = await writeTags(going(), joins, ports, trouble);
  for (const [cluster, { failed }] of joined) {
    if (failed.length > 0) {
      progress.set(cluster, { kind: 'again' });
    }
  }
  for (const [cluster, result] of await writeRecords(going(), ports)) {
    progress.set(cluster, result);
  }
  await writeTags(going(), leaves, ports, trouble);
  await actOnHooks(going(), ports, { trouble, fail });
  await sendWakeUps(going(), progress, ports, fail);

  return plans.map((planned) => {
    const { cluster } = planned.plan;
    return {
      ...planned,
      ...(progress.get(cluster) ?? { kind: 'done' }),
      tagged: joined.get(cluster)?.written ?? [],
      untagged: joined.get(cluster)?.failed ?? [],
      troubles: troubles.filter((one) => one.cluster === cluster),
    };
  });
}

/** A plan that waited too long is made anew instead: its tags could undo an operator's, and its `written` would be too early. */
function isOld(observation: Observation, ports: Ports): boolean {
  return ports.now() - observation.now > planSecondsMax;
}

type Report = (cluster: ClusterName, error: Error) => void;

/** A registration's tags come before its target. */
function joins({ set }: TagChange): boolean {
  return set.ip_address !== undefined;
}

/**
 * The tags of a host that leaves come after the registry entry that remembers it: another pass that reads the tag, and its group as it was
 * before, would else lower the host without remembering it, and a third that reads older tags would raise it again.
 */
function leaves(change: TagChange): boolean {
  return !joins(change);
}

interface Tagged {
  readonly written: readonly TagChange[];
  readonly failed: readonly InstanceId[];
}

async function writeTags(
  going: readonly Planned[],
  which: (change: TagChange) => boolean,
  ports: Ports,
  trouble: Report,
): Promise<ReadonlyMap<ClusterName, Tagged>> {
  const tagged = new Map<ClusterName, Tagged>();
  const changes = going.flatMap(({ plan }) => tagChanges(plan).filter(which));
  if (changes.length === 0) {
    return tagged;
  }
  const failed = await ports.instances.tag(
    changes.map((change) => ({
      instanceId: change.instanceId,
      set: tagValues(change.set),
      remove: change.remove,
      mustExist: joins(change),
    })),
  );
  for (const { plan } of going) {
    const own = tagChanges(plan).filter(which);
    const errors = own.flatMap(({ instanceId }) => failed.get(instanceId) ?? []);
    for (const error of errors) {
      trouble(plan.cluster, error);
    }
    tagged.set(plan.cluster, {
      written: own.filter(({ instanceId }) => !failed.has(instanceId)),
      failed: own.map(({ instanceId }) => instanceId).filter((instanceId) => failed.has(instanceId)),
    });
  }
  return tagged;
}

/** A write on its way, with the listing that it was planned from. */
interface Write {
  readonly observation: Observation;
  readonly write: RecordWrite;
}

async function writeRecords(going: readonly Planned[], ports: Ports): Promise<ReadonlyMap<ClusterName, Progress>> {
  const results = new Map<ClusterName, Progress>();
  const writes = new Map<ClusterName, Write>();
  for (const { observation, plan } of going) {
    if (plan.kind === 'change' && plan.write !== undefined) {
      writes.set(plan.cluster, { observation, write: plan.write });
    }
  }
  const pending = [...shipments([...writes].map(([cluster, { write }]) => ({ cluster, write })))];
  // One after the other: Route 53 answers PriorRequestNotComplete to changes of one zone that overlap.
  for (let shipment = pending.shift(); shipment !== undefined; shipment = pending.shift()) {
    const { clusters } = shipment;
    const own = new Map([...writes].filter(([cluster]) => clusters.includes(cluster)));
    const settled = [...own.values()].some(({ observation }) => isOld(observation, ports))
      ? sameForAll(own, { kind: 'again' })
      : await settle(own, await ship(shipment, ports), ports);
    const unsettled = [...own].filter(([cluster]) => settled.get(cluster) === undefined);
    // Where another cluster lost its swap, that was the fault: the rest go again together. Where none did, each goes alone to find it.
    const rest = unsettled.map(([cluster, { write }]) => ({ cluster, write }));
    pending.push(...(settled.size > 0 ? shipments(rest) : rest.flatMap((one) => shipments([one]))));
    for (const [cluster, progress] of settled) {
      results.set(cluster, progress);
    }
  }
  return results;
}

/** Certainly not applied, as when throttled: reading again would only add to what is wrong, and the messages come back later. */
type Shipped = ChangeResult | { readonly kind: 'refused'; readonly error: Error };

/** Sends a shipment's batches in order; the first that is not accepted ends it. */
async function ship({ batches }: Shipment, ports: Ports): Promise<Shipped> {
  let last: Shipped = { kind: 'accepted', changeId: '' };
  for (const batch of batches) {
    last = await ports.records
      .change(batch)
      .catch((error: unknown) => ({ kind: 'refused' as const, error: asError(error) }));
    if (last.kind !== 'accepted') {
      break;
    }
  }
  return last;
}

function sameForAll(writes: ReadonlyMap<ClusterName, Write>, progress: Progress): ReadonlyMap<ClusterName, Progress> {
  return new Map([...writes.keys()].map((cluster) => [cluster, progress]));
}

/**
 * Tells what became of each cluster's write. After a batch that was rejected, or whose answer was lost, by reading again: the write is there
 * after all; or the record is no longer what the plan was made from; or the batch can never be applied. A cluster without an answer shared a
 * rejected batch with another that may be at fault.
 */
async function settle(
  writes: ReadonlyMap<ClusterName, Write>,
  shipped: Shipped,
  ports: Ports,
): Promise<ReadonlyMap<ClusterName, Progress>> {
  if (shipped.kind === 'accepted') {
    return sameForAll(writes, { kind: 'done', changeId: shipped.changeId });
  }
  const failure: Progress = { kind: 'failed', error: shipped.error };
  if (shipped.kind === 'refused') {
    return sameForAll(writes, failure);
  }
  const found = await ports.records.list(new Set(writes.keys()));
  const progress = new Map<ClusterName, Progress>();
  for (const [cluster, { observation, write }] of writes) {
    const recordSets = found.get(cluster) ?? [];
    if (recordSets instanceof Error) {
      progress.set(cluster, { kind: 'failed', error: recordSets });
    } else if (arrived(write, recordSets)) {
      progress.set(cluster, { kind: 'done' });
    } else if (!sameRecordSets(observation.recordSets, recordSets)) {
      progress.set(cluster, { kind: 'again' });
    } else if (writes.size === 1 || shipped.kind === 'uncertain') {
      progress.set(cluster, failure);
    }
  }
  return progress;
}

async function actOnHooks(
  going: readonly Planned[],
  ports: Ports,
  { trouble, fail }: { readonly trouble: Report; readonly fail: Report },
): Promise<void> {
  const clusters = new Map<LifecycleAction, ClusterName>();
  for (const { plan } of going) {
    for (const change of plan.kind === 'change' ? plan.changes : []) {
      if (change.kind === 'complete' || change.kind === 'heartbeat') {
        const { kind, group, hook, instanceId } = change;
        clusters.set({ kind, group, hook, instanceId }, plan.cluster);
      }
    }
  }
  if (clusters.size === 0) {
    return;
  }
  for (const [action, error] of await ports.groups.act([...clusters.keys()])) {
    // A heartbeat is a comfort: what it prolongs may well end in time without.
    const report = action.kind === 'heartbeat' ? trouble : fail;
    report(clusters.get(action) ?? '', error);
  }
}

async function sendWakeUps(
  going: readonly Planned[],
  progress: ReadonlyMap<ClusterName, Progress>,
  ports: Ports,
  fail: Report,
): Promise<void> {
  const now = ports.now();
  const messages = going.flatMap(({ plan }) => wakeUpMessages(plan, progress.get(plan.cluster), now));
  if (messages.length === 0) {
    return;
  }
  for (const [cluster, error] of await ports.wakeUps.send(messages)) {
    fail(cluster, error);
  }
}

/** SQS delays by 15 minutes at most: a longer wait hops. What waits for this pass's write learns its change id here. */
function wakeUpMessages(plan: Plan, progress: Progress | undefined, now: Instant): readonly WakeUpMessage[] {
  if (plan.kind === 'refuse' || plan.wakeUp === undefined) {
    return [];
  }
  const changeId = progress?.kind === 'done' ? progress.changeId : undefined;
  const written = plan.kind === 'change' ? plan.write?.written : undefined;
  const own =
    changeId === undefined || written === undefined || plan.wakeUp.instances.length === 0
      ? []
      : [{ changeId, written }];
  const wakeUp: WakeUp = {
    ...plan.wakeUp,
    publications: [...plan.wakeUp.publications, ...own].slice(-publicationsMax),
  };
  const waitSeconds = Math.max(0, Math.ceil(wakeUp.at - now));
  const body = encodeWakeUp(wakeUp, waitSeconds > wakeUpHopSeconds);
  return [{ cluster: plan.cluster, body, delaySeconds: Math.min(waitSeconds, wakeUpHopSeconds) }];
}

function tagChanges(plan: Plan): readonly TagChange[] {
  return plan.kind === 'change' ? plan.changes.filter((change) => change.kind === 'tag') : [];
}
