import { asError } from './asError.ts';
import { isOld, type Planned, type Progress } from './planned.ts';
import type { ChangeResult, Ports } from './ports.ts';
import { arrived, sameRecordSets } from './reconcile/arrived.ts';
import { type Shipment, shipments } from './reconcile/batches.ts';
import type { ClusterName, Observation, RecordWrite } from './reconcile/model.ts';

/** A write on its way, with the listing that it was planned from. */
interface Write {
  readonly observation: Observation;
  readonly write: RecordWrite;
}

/** Writes the records of every plan that changes some: each cluster's swap stands or falls as one, however many share a batch. */
export async function writeRecords(
  going: readonly Planned[],
  ports: Ports,
): Promise<ReadonlyMap<ClusterName, Progress>> {
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
