import { batchCharactersMax, batchValuesMax } from './limits.ts';
import type { ChangeBatch, ClusterName, RecordSet, RecordWrite } from './model.ts';

/** The write of one cluster, and which cluster's it is. */
export interface ClusterWrite {
  readonly cluster: ClusterName;
  readonly write: RecordWrite;
}

/** Clusters whose writes go out together, batch after batch; usually one batch. */
export interface Shipment {
  readonly clusters: readonly ClusterName[];
  readonly batches: readonly ChangeBatch[];
}

/**
 * Packs the writes of many clusters into as few change batches as Route 53's limits allow. A write that no single batch holds goes alone and
 * in steps: the addresses that the SRV set will need, the swap, the addresses that it no longer needs.
 */
export function shipments(writes: readonly ClusterWrite[]): readonly Shipment[] {
  const packed: { clusters: ClusterName[]; batch: ChangeBatch }[] = [];
  const alone: Shipment[] = [];
  for (const { cluster, write } of writes) {
    const whole = join({ deletes: write.after, creates: write.before }, write.swap);
    if (!fits(whole)) {
      alone.push({ clusters: [cluster], batches: steps(write) });
      continue;
    }
    const roomy = packed.find(({ batch }) => fits(join(batch, whole)));
    if (roomy === undefined) {
      packed.push({ clusters: [cluster], batch: whole });
    } else {
      roomy.clusters.push(cluster);
      roomy.batch = join(roomy.batch, whole);
    }
  }
  return [...packed.map(({ clusters, batch }) => ({ clusters, batches: [batch] })), ...alone];
}

/** Does a batch stay within 1,000 values and 32,000 characters, old and new values counted alike (Route 53 quotas)? */
export function fits({ deletes, creates }: ChangeBatch): boolean {
  const values = [...deletes, ...creates].flatMap((set) => set.values);
  return values.length <= batchValuesMax && values.reduce((sum, value) => sum + value.length, 0) <= batchCharactersMax;
}

function steps({ before, swap, after }: RecordWrite): readonly ChangeBatch[] {
  return [
    ...split(before).map((creates) => ({ deletes: [], creates })),
    swap,
    ...split(after).map((deletes) => ({ deletes, creates: [] })),
  ];
}

/** Address records are short: only their number can be too large for one batch. */
function split(sets: readonly RecordSet[]): readonly (readonly RecordSet[])[] {
  const count = Math.ceil(sets.length / batchValuesMax);
  return Array.from({ length: count }, (_, index) => sets.slice(index * batchValuesMax, (index + 1) * batchValuesMax));
}

function join(one: ChangeBatch, other: ChangeBatch): ChangeBatch {
  return { deletes: [...one.deletes, ...other.deletes], creates: [...one.creates, ...other.creates] };
}
