import { asError } from './asError.ts';
import { keptPublications } from './keptPublications.ts';
import { type Locator, locate } from './locate.ts';
import type { Waking } from './observe.ts';
import { type Outcome, type Passed, pass } from './pass.ts';
import type { Ports } from './ports.ts';
import type { ClusterName, InstanceId, Instant } from './reconcile/model.ts';
import { type EventTrigger, parseTrigger, type Trigger } from './reconcile/trigger.ts';
import type { Trouble } from './trouble.ts';

/** One queue message. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** What became of a batch of messages. */
export interface BatchReport {
  readonly outcomes: readonly Outcome[];
  /** Messages that must come back: those of clusters that failed. */
  readonly failed: readonly string[];
  /** Messages that were none of ours, and why. They are done with. */
  readonly ignored: readonly { readonly id: string; readonly reason: string }[];
  /** What went wrong for clusters whose pass went on: the next sweep tries again. */
  readonly troubles: readonly Trouble[];
  /** What went wrong beside single clusters. */
  readonly errors: readonly Error[];
  /** Seconds from an event to the end of the pass that wrote its cluster's record because of it. */
  readonly latenciesSeconds: readonly number[];
  readonly swept: boolean;
}

interface Placed {
  readonly id: string;
  readonly trigger: Trigger;
  readonly clusters: ReadonlySet<ClusterName>;
}

const nothingPassed: Passed = { outcomes: [], troubles: [] };

/** Messages → triggers → clusters → one pass → the messages of the clusters that failed. Any number of messages is one pass. */
export async function handleBatch(messages: readonly Message[], ports: Ports): Promise<BatchReport> {
  const triggers = messages.map(({ id, body }) => ({ id, trigger: parseTrigger(body) }));
  const events = triggers.map(({ trigger }) => trigger).filter((trigger) => trigger.kind === 'event');
  const errors: Error[] = [];
  const locator = await locate(events, ports).catch((error: unknown) => void errors.push(asError(error)));
  const placed = triggers.map(({ id, trigger }) => ({ id, trigger, clusters: clustersOf(trigger, locator) }));
  const swept = triggers.some(({ trigger }) => trigger.kind === 'sweep');
  const clusters = new Set(placed.flatMap((message) => [...message.clusters]));
  const request = { scope: swept ? ('all' as const) : clusters, waking: wakings(placed), swept };
  const passed =
    swept || clusters.size > 0
      ? await pass(request, ports).catch((error: unknown) => void errors.push(asError(error)))
      : nothingPassed;
  const { outcomes, troubles } = passed ?? nothingPassed;

  const failedClusters = new Set(outcomes.filter(({ kind }) => kind === 'failed').map(({ cluster }) => cluster));
  const mustReturn = ({ trigger, clusters: own }: Placed): boolean => {
    if (trigger.kind === 'ignored' || trigger.kind === 'sweep') {
      // The next sweep, within a minute, is this one's second try: kept, they would only pile up.
      return false;
    }
    return (
      (trigger.kind === 'event' && locator === undefined) ||
      (passed === undefined && own.size > 0) ||
      !own.isDisjointFrom(failedClusters)
    );
  };
  return {
    outcomes,
    troubles,
    failed: placed.filter(mustReturn).map(({ id }) => id),
    ignored: placed.flatMap((message) => whyIgnored(message, locator !== undefined)),
    errors,
    latenciesSeconds: latencies(placed, outcomes, ports.now()),
    swept,
  };
}

function clustersOf(trigger: Trigger, locator: Locator | undefined): ReadonlySet<ClusterName> {
  switch (trigger.kind) {
    case 'wakeUp':
      return new Set([trigger.wakeUp.cluster]);
    case 'event':
      return locator === undefined ? new Set() : locator(trigger);
    case 'sweep':
    case 'ignored':
      return new Set();
  }
}

function whyIgnored({ id, trigger, clusters }: Placed, located: boolean): readonly { id: string; reason: string }[] {
  if (trigger.kind === 'ignored') {
    return [{ id, reason: trigger.reason }];
  }
  return trigger.kind === 'event' && located && clusters.size === 0
    ? [{ id, reason: 'it is about no instance of a managed group' }]
    : [];
}

/** What the messages of one batch say to each cluster, taken together. */
function wakings(placed: readonly Placed[]): ReadonlyMap<ClusterName, Waking> {
  const names = new Set(placed.flatMap(({ clusters }) => [...clusters]));
  return new Map(
    [...names].map((cluster) => {
      const triggers = placed.filter(({ clusters }) => clusters.has(cluster)).map(({ trigger }) => trigger);
      const wakeUps = triggers.filter((trigger) => trigger.kind === 'wakeUp');
      const warnings = triggers.filter((trigger) => trigger.kind === 'event').filter(({ interrupted }) => interrupted);
      return [
        cluster,
        {
          instances: new Set(wakeUps.flatMap(({ wakeUp }) => wakeUp.instances)),
          hop: wakeUps.some(({ hop }) => hop),
          publications: keptPublications(wakeUps.flatMap(({ wakeUp }) => wakeUp.publications)),
          interrupted: interruptions(warnings),
          denied: earliest(wakeUps.flatMap(({ wakeUp }) => Object.entries(wakeUp.denied))),
        },
      ];
    }),
  );
}

function interruptions(warnings: readonly EventTrigger[]): Readonly<Record<InstanceId, Instant>> {
  return Object.fromEntries(
    warnings.flatMap(({ instances, at }) => (at === undefined ? [] : instances.map((id) => [id, at]))),
  );
}

function earliest(denials: readonly (readonly [InstanceId, Instant])[]): Readonly<Record<InstanceId, Instant>> {
  return Object.fromEntries(denials.toSorted(([, one], [, other]) => other - one));
}

function latencies(placed: readonly Placed[], outcomes: readonly Outcome[], now: Instant): readonly number[] {
  const written = new Set(
    outcomes
      .filter(({ kind, plan }) => kind === 'done' && plan.kind === 'change' && plan.write !== undefined)
      .map(({ cluster }) => cluster),
  );
  return placed.flatMap(({ trigger, clusters }) =>
    trigger.kind === 'event' && trigger.at !== undefined && !clusters.isDisjointFrom(written)
      ? [Math.max(0, now - trigger.at)]
      : [],
  );
}
