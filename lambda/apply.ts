import { asError } from './asError.ts';
import { tagValues } from './overlay.ts';
import type { ChangeResult, LifecycleAction, Ports, WakeUpMessage } from './ports.ts';
import { arrived, sameRecordSets } from './reconcile/arrived.ts';
import { type Shipment, shipments } from './reconcile/batches.ts';
import { planSecondsMax, publicationsMax, wakeUpHopSeconds } from './reconcile/limits.ts';
import type { ClusterName, Instant, Observation, Plan, RecordWrite, TagChange, WakeUp } from './reconcile/model.ts';
import { encodeWakeUp } from './reconcile/trigger.ts';

/** A plan and what it was made from. */
export interface Planned {
  readonly observation: Observation;
  readonly plan: Plan;
}

/** What became of a plan. A lost one must be made anew: the record is no longer what it was made from. */
export type Applied = Planned & { readonly tagged: readonly TagChange[] } & (
    | { readonly kind: 'done' }
    | { readonly kind: 'lost' }
    | { readonly kind: 'failed'; readonly error: Error }
  );

/**
 * Makes plans real, in this order: tags of joining hosts; records, each cluster's as one swap; tags of leaving hosts; lifecycle actions; wake-ups. A cluster goes on to the next step
 * only when the step before is done, so a pass cut off anywhere leaves what a later pass finishes. One cluster's failure stops only itself.
 */
export async function apply(plans: readonly Planned[], ports: Ports): Promise<readonly Applied[]> {
  const progress = new Map<ClusterName, Progress>(plans.map(({ plan }) => [plan.cluster, { kind: 'done' }]));
  const going = (): readonly Planned[] => plans.filter(({ plan }) => progress.get(plan.cluster)?.kind === 'done');
  const fail = (cluster: ClusterName, error: Error): void => void progress.set(cluster, { kind: 'failed', error });

  for (const { observation, plan } of plans) {
    if (isOld(observation, ports)) {
      progress.set(plan.cluster, { kind: 'lost' });
    }
  }
  const tagged = await writeTags(going(), joins, ports, fail);
  for (const [cluster, result] of await writeRecords(going(), ports)) {
    progress.set(cluster, result);
  }
  await writeTags(going(), leaves, ports, fail);
  await actOnHooks(going(), ports, fail);
  await sendWakeUps(going(), progress, ports, fail);

  return plans.map((planned) => ({
    ...planned,
    ...(progress.get(planned.plan.cluster) ?? { kind: 'done' }),
    tagged: tagged.get(planned.plan.cluster) ?? [],
  }));
}

/** A plan that waited too long is made anew instead: its tags could undo an operator's, and its `written` would be too early. */
function isOld(observation: Observation, ports: Ports): boolean {
  return ports.now() - observation.now > planSecondsMax;
}

type Progress =
  | { readonly kind: 'done'; readonly changeId?: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly error: Error };

type Fail = (cluster: ClusterName, error: Error) => void;

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

async function writeTags(
  going: readonly Planned[],
  which: (change: TagChange) => boolean,
  ports: Ports,
  fail: Fail,
): Promise<ReadonlyMap<ClusterName, readonly TagChange[]>> {
  const tagged = new Map<ClusterName, readonly TagChange[]>();
  const changes = going.flatMap(({ plan }) => tagChanges(plan).filter(which));
  if (changes.length === 0) {
    return tagged;
  }
  const failed = await ports.instances.tag(
    changes.map(({ instanceId, set, remove }) => ({
      instanceId,
      set: tagValues(set),
      remove,
      mustExist: set.ip_address !== undefined,
    })),
  );
  for (const { plan } of going) {
    const own = tagChanges(plan).filter(which);
    const error = own.map(({ instanceId }) => failed.get(instanceId)).find((found) => found !== undefined);
    if (error !== undefined) {
      fail(plan.cluster, error);
    }
    tagged.set(
      plan.cluster,
      own.filter(({ instanceId }) => !failed.has(instanceId)),
    );
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
    const write = plan.kind === 'change' ? plan.write : undefined;
    if (write !== undefined && isOld(observation, ports)) {
      results.set(plan.cluster, { kind: 'lost' });
    } else if (write !== undefined) {
      writes.set(plan.cluster, { observation, write });
    }
  }
  const pending = [...shipments([...writes].map(([cluster, { write }]) => ({ cluster, write })))];
  // One after the other: Route 53 answers PriorRequestNotComplete to changes of one zone that overlap.
  for (let shipment = pending.shift(); shipment !== undefined; shipment = pending.shift()) {
    const { clusters } = shipment;
    const own = new Map([...writes].filter(([cluster]) => clusters.includes(cluster)));
    const shipped = await ship(shipment, ports);
    const settled =
      shipped.kind === 'accepted' || shipped.kind === 'refused'
        ? sameForAll(own, shipped)
        : await settle(own, shipped, ports);
    for (const [cluster, progress] of settled) {
      if (progress === 'again') {
        pending.push(
          ...shipments([...own].filter(([name]) => name === cluster).map(([, { write }]) => ({ cluster, write }))),
        );
      } else {
        results.set(cluster, progress);
      }
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

function sameForAll(
  writes: ReadonlyMap<ClusterName, Write>,
  shipped: Extract<Shipped, { kind: 'accepted' | 'refused' }>,
): ReadonlyMap<ClusterName, Progress> {
  const progress: Progress =
    shipped.kind === 'accepted'
      ? { kind: 'done', changeId: shipped.changeId }
      : { kind: 'failed', error: shipped.error };
  return new Map([...writes.keys()].map((cluster) => [cluster, progress]));
}

/**
 * Tells by reading again what became of a batch that was rejected, or whose answer was lost: the write is there after all; the record is no
 * longer what the plan was made from; another cluster's part of a shared batch was at fault; or the batch can never be applied.
 */
async function settle(
  writes: ReadonlyMap<ClusterName, Write>,
  shipped: Extract<ChangeResult, { kind: 'rejected' | 'uncertain' }>,
  ports: Ports,
): Promise<ReadonlyMap<ClusterName, Progress | 'again'>> {
  const found = await ports.records.list(new Set(writes.keys()));
  return new Map(
    [...writes].map(([cluster, { observation, write }]): [ClusterName, Progress | 'again'] => {
      const recordSets = found.get(cluster) ?? [];
      if (recordSets instanceof Error) {
        return [cluster, { kind: 'failed', error: recordSets }];
      }
      if (arrived(write, recordSets)) {
        return [cluster, { kind: 'done' }];
      }
      if (!sameRecordSets(observation.recordSets, recordSets)) {
        return [cluster, { kind: 'lost' }];
      }
      return [
        cluster,
        writes.size > 1 && shipped.kind === 'rejected' ? 'again' : { kind: 'failed', error: shipped.error },
      ];
    }),
  );
}

async function actOnHooks(going: readonly Planned[], ports: Ports, fail: Fail): Promise<void> {
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
    fail(clusters.get(action) ?? '', error);
  }
}

async function sendWakeUps(
  going: readonly Planned[],
  progress: ReadonlyMap<ClusterName, Progress>,
  ports: Ports,
  fail: Fail,
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
