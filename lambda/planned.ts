import type { Ports } from './ports.ts';
import { planSecondsMax } from './reconcile/limits.ts';
import type { ClusterName, Observation, Plan } from './reconcile/model.ts';

/** A plan and what it was made from. */
export interface Planned {
  readonly observation: Observation;
  readonly plan: Plan;
}

/** How far a plan's application has come. `again`: it must be made anew, as the record is no longer what it was made from. */
export type Progress =
  | { readonly kind: 'done'; readonly changeId?: string }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly error: Error };

/** Says what failed, and for which cluster. */
export type Report = (cluster: ClusterName, error: Error) => void;

/** A plan that waited too long is made anew instead: its tags could undo an operator's, and its `written` would be too early. */
export function isOld(observation: Observation, ports: Ports): boolean {
  return ports.now() - observation.now > planSecondsMax;
}
