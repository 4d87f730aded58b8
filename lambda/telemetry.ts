import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { BatchReport } from './batch.ts';
import { describeChange } from './describeChange.ts';
import type { Outcome } from './pass.ts';

/** Where a batch's report goes. */
export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Says what a batch did: one line for each cluster that changed anything, was refused or failed; one for the messages that were not ours.
 * `Passes` counts a pass once for each of its clusters. Metrics carry the cluster as a dimension only where a person would be paged for one
 * cluster: its targets, and how many of them drain.
 */
export function report(
  { outcomes, troubles, ignored, errors, latenciesSeconds }: BatchReport,
  { logger, metrics }: Telemetry,
): void {
  for (const outcome of outcomes) {
    reportOutcome(outcome, logger);
    countOutcome(outcome, metrics);
  }
  if (ignored.length > 0) {
    const reasons = Object.fromEntries(
      [...Map.groupBy(ignored, ({ reason }) => reason)].map(([reason, messages]) => [
        reason,
        messages.map(({ id }) => id),
      ]),
    );
    logger.info(`Ignored ${ignored.length} messages`, { reasons });
  }
  for (const { cluster, error } of troubles) {
    logger.error(`Cannot do everything for cluster "${cluster}"`, { cluster, error });
    metrics.addMetric('Troubles', MetricUnit.Count, 1);
  }
  for (const error of errors) {
    logger.error('Cannot carry out the pass', { error });
    metrics.addMetric('PassesFailed', MetricUnit.Count, 1);
  }
  for (const seconds of latenciesSeconds) {
    metrics.addMetric('EventToRecordLatency', MetricUnit.Milliseconds, Math.round(seconds * 1000));
  }
  metrics.publishStoredMetrics();
}

function reportOutcome(outcome: Outcome, logger: Logger): void {
  const { cluster, plan, observation } = outcome;
  for (const notice of plan?.notices ?? []) {
    logger.warn(notice.text, { cluster, notice: notice.kind, subject: notice.subject });
  }
  if (outcome.kind === 'failed') {
    logger.error(`Cannot sync cluster "${cluster}"`, { cluster, error: outcome.error });
  } else if (plan?.kind === 'refuse') {
    logger.error(`Refused to change cluster "${cluster}"`, { cluster, reason: plan.reason });
  } else if (plan?.kind === 'change') {
    const { changes, write, targets, draining } = plan;
    logger.info(`Changed cluster "${cluster}"`, {
      cluster,
      ...(write === undefined ? {} : { serial: write.serial }),
      changes: changes.map(describeChange),
      targets,
      draining,
      conflicts: outcome.conflicts,
      observedAt: observation?.now,
    });
  }
}

function countOutcome(outcome: Outcome, metrics: Metrics): void {
  const { plan, conflicts, cluster } = outcome;
  const count = (name: string, value: number): void => {
    if (value > 0) {
      metrics.addMetric(name, MetricUnit.Count, value);
    }
  };
  metrics.addMetric('Passes', MetricUnit.Count, 1);
  count('PassesFailed', outcome.kind === 'failed' ? 1 : 0);
  count('Conflicts', conflicts);
  count('Refusals', plan?.kind === 'refuse' ? 1 : 0);
  count(
    'BadTags',
    plan?.notices.filter(({ kind }) => kind === 'badTag' || kind === 'badAddress' || kind === 'badGroup').length ?? 0,
  );
  if (outcome.kind === 'done' && plan?.kind === 'change') {
    count('Swaps', plan.write === undefined ? 0 : 1);
    count('HooksCompleted', plan.changes.filter(({ kind }) => kind === 'complete').length);
  }
  if (plan !== undefined && plan.kind !== 'refuse') {
    const perCluster = metrics.singleMetric();
    perCluster.addDimension('Cluster', cluster);
    perCluster.addMetric('Targets', MetricUnit.Count, plan.targets);
    const draining = metrics.singleMetric();
    draining.addDimension('Cluster', cluster);
    draining.addMetric('Draining', MetricUnit.Count, plan.draining);
  }
}
