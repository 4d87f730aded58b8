import { isOld, type Planned, type Progress, type Report } from './planned.ts';
import type { LifecycleAction, Ports } from './ports.ts';
import type { ClusterName, InstanceId, Plan, TagChange } from './reconcile/model.ts';
import type { Trouble } from './trouble.ts';
import { wakeUpMessages } from './wakeUpMessages.ts';
import { writeRecords } from './writeRecords.ts';
import { joins, leaves, writeTags } from './writeTags.ts';

/** What became of a plan. */
export type Applied = Planned & {
  /** Tags that were written. */
  readonly tagged: readonly TagChange[];
  /** Instances whose registration tags could not be written. */
  readonly untagged: readonly InstanceId[];
  /** What failed without stopping the plan. */
  readonly troubles: readonly Trouble[];
} & Progress;

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
  const over = await actOnHooks(going(), ports, { trouble, fail });
  await sendWakeUps(going(), progress, ports, fail);

  return plans.map((planned) => {
    const { cluster } = planned.plan;
    return {
      observation: planned.observation,
      plan: withoutOver(planned.plan, over),
      ...(progress.get(cluster) ?? { kind: 'done' }),
      tagged: joined.get(cluster)?.written ?? [],
      untagged: joined.get(cluster)?.failed ?? [],
      troubles: troubles.filter((one) => one.cluster === cluster),
    };
  });
}

/** Answers the actions that were over already: another tool's hook may hold an instance long after ours has let it go. */
async function actOnHooks(
  going: readonly Planned[],
  ports: Ports,
  { trouble, fail }: { readonly trouble: Report; readonly fail: Report },
): Promise<ReadonlySet<LifecycleAction>> {
  const clusters = new Map<LifecycleAction, ClusterName>();
  for (const { plan } of going) {
    for (const change of plan.kind === 'change' ? plan.changes : []) {
      if (change.kind === 'complete' || change.kind === 'heartbeat') {
        clusters.set(change, plan.cluster);
      }
    }
  }
  const over = new Set<LifecycleAction>();
  for (const [action, problem] of clusters.size === 0 ? [] : await ports.groups.act([...clusters.keys()])) {
    if (problem === 'over') {
      over.add(action);
    } else {
      // A heartbeat is a comfort: what it prolongs may well end in time without.
      const report = action.kind === 'heartbeat' ? trouble : fail;
      report(clusters.get(action) ?? '', problem);
    }
  }
  return over;
}

/** The plan as it came about: what was over already was not done. */
function withoutOver(plan: Plan, over: ReadonlySet<LifecycleAction>): Plan {
  if (plan.kind !== 'change' || over.size === 0) {
    return plan;
  }
  const changes = plan.changes.filter((change) => !('hook' in change && over.has(change)));
  const { kind: _, write, changes: __, ...facts } = plan;
  return changes.length === 0 && write === undefined ? { ...facts, kind: 'inSync' } : { ...plan, changes };
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
