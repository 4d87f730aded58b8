import { handleBatch } from '../../lambda/batch.ts';
import { livenessProperties } from '../properties/properties.ts';
import type { PropertyName } from '../properties/propertyName.ts';
import { quietBegins, whyNotQuiet } from '../properties/quiescence.ts';
import { movingAtRest, wrongAtRest } from '../properties/rest.ts';
import { clusterOfWakeUp } from './clusterOfWakeUp.ts';
import { type CreatePorts, FunctionPool, portsInProcess } from './functionPool.ts';
import type { HandleBatch } from './handleBatch.ts';
import { perform } from './perform.ts';
import type { Scenario } from './scenario.ts';
import { Stage } from './stage.ts';
import { unreadablePort } from './unreadablePort.ts';
import type { Verdict } from './verdict.ts';

/** Sweeps, a minute apart, within which all must be right once faults and changes have stopped. */
const passesToConvergeMax = 16;

/** From a sweep's event until it is done. */
const sweepSeconds = 5;

/** Sweeps after that in which nothing may be written. */
const quietSweeps = 2;

/** Of the events so far, how many come once more then. */
const oldEvents = 20;

/** Who is under test, and how it reaches the world. */
export interface RunOptions {
  /** @default the sync itself */
  readonly handle?: HandleBatch;
  /** @default in process */
  readonly createPorts?: CreatePorts;
  /** Properties that count; a rival does not keep all of them by design. @default all */
  readonly only?: ReadonlySet<PropertyName>;
}

/**
 * Runs a scenario: first what happens, with its faults, while every effect is looked at (safety); then all faults stop, and the world must be
 * right within `passesToConvergeMax` sweeps, and stay so without a single write (liveness). The same scenario gives the same run.
 */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<Verdict> {
  const stage = new Stage(scenario, options.only);
  const beganAt = stage.world.now;
  const pool = new FunctionPool(stage, options.handle ?? handleBatch, options.createPorts ?? portsInProcess);
  pool.start();
  await actOut(stage);
  if (stage.story.violation === undefined) {
    heal(stage);
    await converge(stage);
  }
  if (stage.story.violation === undefined) {
    await keepQuiet(stage);
  }
  pool.stop();
  const { story, world, lines } = stage;
  return {
    violation: story.violation,
    faults: stage.counts,
    checks: story.checks,
    histories: Object.fromEntries([...story.clusters].map(([name, { histories }]) => [name, histories])),
    effects: stage.faults.effects,
    passes: pool.started,
    writes: world.route53.writes.length,
    seconds: Math.round((world.now - beganAt) / 1000),
    timeline: () => lines,
  };
}

/** Safety. */
async function actOut(stage: Stage): Promise<void> {
  for (const step of stage.scenario.steps) {
    perform(stage, step);
    await stage.world.advance(step.pauseSeconds);
    if (stage.story.violation !== undefined) {
      return;
    }
  }
}

/** Faults stop; and an operator does what docs/how-it-works.md leaves to operators. */
function heal(stage: Stage): void {
  const { world, story, faults, names } = stage;
  stage.say('all faults stop');
  stage.faulty = false;
  stage.clockSeconds = 0;
  faults.mend();
  for (const group of story.groups) {
    for (const { Key = '', Value, ResourceId = '' } of group.Tags ?? []) {
      if (Key === 'srv_port' && Value === unreadablePort) {
        stage.say(`an operator mends the tags of ${ResourceId}`);
        world.autoScaling.deleteTags({ Tags: [{ ResourceId, ResourceType: 'auto-scaling-group', Key }] });
        story.unreadableGroups.delete(ResourceId);
      }
    }
  }
  for (const cluster of story.clusters.values()) {
    if (cluster.isForeign && !story.foreignClusters.has(cluster.name)) {
      stage.say(`an operator deletes what is left of "${cluster.name}" without its registry entry`);
      world.route53.changeResourceRecordSets({
        HostedZoneId: names.hostedZoneId,
        ChangeBatch: { Changes: cluster.sets.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })) },
      });
    }
  }
}

async function converge(stage: Stage): Promise<void> {
  const { story } = stage;
  const named = livenessProperties.filter(({ appliesTo }) => appliesTo(stage.scenario, stage.counts));
  const healedAt = stage.world.now;
  for (const { name } of named) {
    story.look(name);
  }
  let wrong: readonly string[] = [];
  for (let sweeps = 0; sweeps < passesToConvergeMax; sweeps += 1) {
    await stage.world.advance(60);
    if (story.violation !== undefined) {
      return;
    }
    wrong = [...wrongAtRest(story), ...movingAtRest(story), ...waitingAtRest(stage)];
    // A sweep must have looked since the last thing happened: what no event tells is its to find.
    if (wrong.length === 0 && stage.world.now > Math.max(story.movedAt, healedAt) + (60 + sweepSeconds) * 1000) {
      return;
    }
  }
  if (wrong.length === 0) {
    return;
  }
  story.fail(
    named[0]?.name ?? 'EventuallyStable',
    `${passesToConvergeMax} sweeps after all faults had stopped the world is not right: ${wrong.slice(0, 3).join('; ')}`,
  );
}

/** Messages of ours that still wait: somebody has a next step. */
function waitingAtRest({ world, names }: Stage): readonly string[] {
  const waiting = world.sqs.bodies(names.queueUrl).filter((body) => clusterOfWakeUp(body) !== undefined);
  return waiting.length === 0 ? [] : [`${waiting.length} wake-ups still wait, such as ${waiting[0]}`];
}

/** More sweeps, and old events once more in another order. */
async function keepQuiet(stage: Stage): Promise<void> {
  const { world, story, names, dice, events } = stage;
  const begin = quietBegins(story);
  const again = events
    .slice(-oldEvents)
    .map((body) => ({ body, place: dice.draw('order') }))
    .toSorted((one, other) => one.place - other.place);
  for (const { body } of again) {
    world.sqs.sendMessage({ QueueUrl: names.queueUrl, MessageBody: body });
  }
  stage.say(`quiet from here on, though ${again.length} old events come once more`);
  await world.advance(quietSweeps * 60);
  const noise = whyNotQuiet(begin, story);
  if (noise !== undefined) {
    story.fail('Quiescence', noise);
  }
  const wrong = story.moves > begin.moves ? [] : [...wrongAtRest(story), ...waitingAtRest(stage)];
  if (wrong.length > 0) {
    story.fail('EventuallyStable', `the world was right, and did not stay so: ${wrong.slice(0, 3).join('; ')}`);
  }
}
