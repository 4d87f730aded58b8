import { type Applied, apply } from './apply.ts';
import { observe, type PassRequest } from './observe.ts';
import { overlaid } from './overlay.ts';
import type { Ports } from './ports.ts';
import { desired } from './reconcile/desired.ts';
import { swapAttemptsMax } from './reconcile/limits.ts';
import type { ClusterName, InstanceId, Observation, Plan, TagChange } from './reconcile/model.ts';
import { plan } from './reconcile/plan.ts';
import type { Trouble } from './trouble.ts';

/** What a pass did to one cluster, and what it went by. */
export type Outcome = { readonly cluster: ClusterName; readonly conflicts: number } & (
  | { readonly kind: 'done'; readonly observation: Observation; readonly plan: Plan }
  | { readonly kind: 'failed'; readonly error: Error; readonly observation?: Observation; readonly plan?: Plan }
);

/** What a pass did to each cluster, and what went wrong without stopping any. */
export interface Passed {
  readonly outcomes: readonly Outcome[];
  readonly troubles: readonly Trouble[];
}

/**
 * Observe, plan, apply, once, for a set of clusters. Read in bulk, planned one by one, written with few calls. A cluster that another pass
 * wrote in between is observed again, at most `swapAttemptsMax` times, with the tags that this pass wrote laid over what it then reads.
 */
export async function pass(request: PassRequest, ports: Ports): Promise<Passed> {
  const outcomes = new Map<ClusterName, Outcome>();
  const troubles: Trouble[] = [];
  const written: TagChange[] = [];
  const untaggable = new Set<InstanceId>();
  let { scope } = request;
  for (let attempt = 1; attempt <= swapAttemptsMax; attempt += 1) {
    const observed = await observe({ ...request, scope }, untaggable, ports);
    const plans = observed.observations
      .map((observation) => overlaid(observation, written))
      .map((observation) => ({ observation, plan: plan(observation, desired(observation)) }));
    const applied = await apply(plans, ports);

    for (const [cluster, error] of observed.failures) {
      outcomes.set(cluster, { kind: 'failed', cluster, error, conflicts: attempt - 1 });
    }
    for (const result of applied) {
      outcomes.set(result.plan.cluster, outcomeOf(result, attempt));
      written.push(...result.tagged);
      for (const instanceId of result.untagged) {
        untaggable.add(instanceId);
      }
    }
    troubles.push(...observed.troubles, ...applied.flatMap((result) => result.troubles));
    const again = applied.filter(({ kind }) => kind === 'again').map((result) => result.plan.cluster);
    if (again.length === 0 || attempt === swapAttemptsMax) {
      break;
    }
    scope = new Set(again);
    await ports.pause(attempt);
  }
  return { outcomes: [...outcomes.values()], troubles };
}

function outcomeOf(applied: Applied, attempt: number): Outcome {
  const { observation, plan, kind } = applied;
  const { cluster } = plan;
  switch (kind) {
    case 'done':
      return { kind, cluster, observation, plan, conflicts: attempt - 1 };
    case 'failed':
      return { kind, cluster, observation, plan, error: applied.error, conflicts: attempt - 1 };
    case 'again': {
      const error = new Error(
        `Cannot write the record of cluster "${cluster}": no other pass must write it meanwhile: lost ${attempt} swaps`,
      );
      return { kind: 'failed', cluster, observation, plan, error, conflicts: attempt };
    }
  }
}
