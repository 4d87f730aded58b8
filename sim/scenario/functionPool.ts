import type { SQSRecord } from 'aws-lambda';
import type { Ports } from '../../lambda/ports.ts';
import type { PortFaults } from '../ports/gate.ts';
import { createSimPorts } from '../ports.ts';
import { clusterOfWakeUp } from './clusterOfWakeUp.ts';
import { FunctionRun, type RunEnd } from './functionRun.ts';
import type { HandleBatch } from './handleBatch.ts';
import type { Stage } from './stage.ts';

/** Lambda's event source gathers messages for a second. */
const pollSeconds = 1;
const batchMessagesMax = 1000;
const timeoutSeconds = 60;
/** So many messages at once are the sign of a queue that was not read for long. */
const fullQueueMessages = 60;

/** How the ports of a run are made: in process, or by the adapters over the wire. */
export type CreatePorts = (stage: Stage, faults: PortFaults) => Ports;

/** The ports in process, on the function's clock. */
export function portsInProcess({ world, names }: Stage, faults: PortFaults): Ports {
  return createSimPorts(world, names, faults);
}

/** What Lambda runs between the queue and the function: some runs at a time, each with a batch of messages and a timeout. */
export class FunctionPool {
  readonly #stage: Stage;
  readonly #handle: HandleBatch;
  readonly #createPorts: CreatePorts;
  readonly #underWay = new Set<FunctionRun>();
  #started = 0;
  #stopped = false;

  constructor(stage: Stage, handle: HandleBatch, createPorts: CreatePorts) {
    this.#stage = stage;
    this.#handle = handle;
    this.#createPorts = createPorts;
  }

  get started(): number {
    return this.#started;
  }

  /** Begins to ask the queue for messages. */
  start(): void {
    this.#stage.world.after(pollSeconds, async () => {
      if (!this.#stopped) {
        this.start();
        await this.#poll();
      }
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  async #poll(): Promise<void> {
    const { world, names, scenario, faults } = this.#stage;
    const visibleAt = world.sqs.visibleAt(names.queueUrl);
    if (visibleAt === undefined || visibleAt > world.now || faults.isOut('function')) {
      return;
    }
    if (this.#underWay.size >= (scenario.concurrency ?? 1)) {
      return;
    }
    const records = world.sqs.receiveUpTo(names.queueUrl, batchMessagesMax);
    if (records.length > 0) {
      await this.#begin(records);
    }
  }

  async #begin(records: readonly SQSRecord[]): Promise<void> {
    const stage = this.#stage;
    const { world, story } = stage;
    this.#started += 1;
    const messages = records.map(({ messageId, body }) => ({ id: messageId, body }));
    if (this.#underWay.size > 0) {
      stage.happened('overlap', `${this.#underWay.size + 1} runs at a time`);
    }
    if (messages.length >= fullQueueMessages) {
      stage.happened('fullQueue', `${messages.length} messages at once`);
    }
    const run: FunctionRun = new FunctionRun(world, this.#started, messages, {
      turn: (acting) => {
        story.acting = acting;
      },
      end: (end) => {
        this.#underWay.delete(run);
        this.#ended(run, end, records);
      },
    });
    this.#underWay.add(run);
    stage.say(`run ${run.number}: begins with ${messages.length} messages`);
    world.after(timeoutSeconds, () => {
      if (!run.ended) {
        stage.happened('timeout', `run ${run.number}: ended by its timeout`);
        run.kill('it took too long');
      }
    });
    const own = story.runStory(run);
    const faults = stage.faults.of(run, (fault) => void own.spoilt.add(fault));
    const ports = this.#createPorts(stage, {
      ...faults,
      onCall: (call) => {
        stage.judge.called(run, call.name, call.subject, call.error !== undefined);
        if (call.name === 'wakeUps.send') {
          stage.judge.wokenLater(run, call.subject, this.#waiting(call.subject));
        }
        faults.onCall?.(call);
      },
    });
    const now = (): number => {
      if (stage.clockSeconds !== 0) {
        own.spoilt.add('clockJump');
      }
      return world.now / 1000 + stage.clockSeconds;
    };
    await run.start(() => this.#handle(messages, { ...ports, now }, world));
  }

  /** Wake-ups of a cluster that wait for their time, or to be taken. */
  #waiting(cluster: string): number {
    const { world, names } = this.#stage;
    return world.sqs.bodies(names.queueUrl).filter((body) => clusterOfWakeUp(body) === cluster).length;
  }

  #ended(run: FunctionRun, end: RunEnd, records: readonly SQSRecord[]): void {
    const { world, story, names } = this.#stage;
    const own = story.runStory(run);
    if (run.messages.some(({ body }) => body.includes('"Scheduled Event"'))) {
      story.sweeps.push({ at: world.now, isClean: end.kind === 'returned' && own.spoilt.size === 0 });
    }
    if (end.kind === 'killed') {
      this.#stage.say(`run ${run.number}: killed, ${end.why}`);
      return;
    }
    if (end.kind === 'threw') {
      this.#stage.say(`run ${run.number}: threw ${String(end.error)}`);
      story.fail('Isolation', `run ${run.number} threw, so that all of its messages come back: ${String(end.error)}`);
      return;
    }
    const { report } = end;
    const failed = new Set(report.failed);
    this.#stage.judge.returned(run, report);
    this.#stage.say(
      `run ${run.number}: ended${failed.size === 0 ? '' : `, ${failed.size} messages come back`}${report.errors.map(({ message }) => `, ${message}`).join('')}`,
    );
    for (const { messageId, receiptHandle } of records) {
      if (!failed.has(messageId)) {
        world.sqs.deleteMessage({ QueueUrl: names.queueUrl, ReceiptHandle: receiptHandle });
      }
    }
  }
}
