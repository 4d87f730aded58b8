import { addressesPerBatchMax, batchCharactersMax, batchValuesMax } from './limits.ts';
import type { ChangeBatch, ClusterName, RecordWrite } from './model.ts';

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
    const whole = join(join(write.before, write.swap), write.after);
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
  return [...pieces(before), swap, ...pieces(after)];
}

/** Splits address changes by name: what is deleted and created anew stays in one batch. */
function pieces({ deletes, creates }: ChangeBatch): readonly ChangeBatch[] {
  const names = [...new Set([...deletes, ...creates].map(({ name }) => name))];
  const count = Math.ceil(names.length / addressesPerBatchMax);
  return Array.from({ length: count }, (_, index) => {
    const chosen = new Set(names.slice(index * addressesPerBatchMax, (index + 1) * addressesPerBatchMax));
    return {
      deletes: deletes.filter(({ name }) => chosen.has(name)),
      creates: creates.filter(({ name }) => chosen.has(name)),
    };
  });
}

function join(one: ChangeBatch, other: ChangeBatch): ChangeBatch {
  return { deletes: [...one.deletes, ...other.deletes], creates: [...one.creates, ...other.creates] };
}
