import { asError } from './asError.ts';
import type { ClusterName } from './reconcile/model.ts';

/** Something that failed for a cluster, though its pass went on: the next sweep tries again. */
export interface Trouble {
  readonly cluster: ClusterName;
  readonly error: Error;
}

/** An answer that only speeds things up or cleans up: where there is none, it counts as no. */
export async function unlessTrouble(
  answer: Promise<boolean>,
  cluster: ClusterName,
  troubles: Trouble[],
): Promise<boolean> {
  try {
    return await answer;
  } catch (thrown) {
    troubles.push({ cluster, error: asError(thrown) });
    return false;
  }
}
