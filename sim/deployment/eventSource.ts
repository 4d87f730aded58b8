import type { SQSRecord } from 'aws-lambda';
import type { Milliseconds, World } from '../world.ts';
import { failedMessageIds } from './batchResponse.ts';
import type { InvocationOutcome } from './executionEnvironment.ts';
import type { DeployedFunction } from './function.ts';

/** How often an event source asks its queue for messages. */
const pollSeconds = 0.25;

/** An event source mapping of the template. */
export interface EventSourceSettings {
  readonly queueUrl: string;
  readonly batchMessagesMax: number;
  readonly windowSeconds: number;
  readonly concurrencyMax: number;
  /** Whether the function names the messages that failed; otherwise each answer is success. */
  readonly partialResponses: boolean;
  readonly enabled: boolean;
}

/**
 * What Lambda runs between a queue and a function: gathers messages for a moment, invokes, and deletes what succeeded. What failed stays in the
 * queue until its visibility timeout has passed.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class EventSource {
  readonly #world: World;
  readonly #settings: EventSourceSettings;
  readonly #function: DeployedFunction;
  #gathered: SQSRecord[] = [];
  #windowEnds: Milliseconds = 0;
  #invocations = 0;
  #stopped = false;

  constructor(world: World, settings: EventSourceSettings, deployedFunction: DeployedFunction) {
    this.#world = world;
    this.#settings = settings;
    this.#function = deployedFunction;
  }

  /** Begins to ask the queue for messages, if the mapping is enabled. */
  start(): void {
    if (!this.#settings.enabled) {
      return;
    }
    this.#world.after(pollSeconds, async () => {
      if (!this.#stopped) {
        // The next poll is asked for first, so that a function that takes time delays no other.
        this.start();
        await this.#poll();
      }
    });
  }

  /** Ends it; messages that it holds come back when their visibility timeout has passed. */
  stop(): void {
    this.#stopped = true;
  }

  async #poll(): Promise<void> {
    const { queueUrl, batchMessagesMax, windowSeconds, concurrencyMax } = this.#settings;
    // At its limit Lambda leaves messages in the queue, so that waiting does not count as a receive.
    if (this.#invocations >= concurrencyMax) {
      return;
    }
    const received = this.#world.sqs.receiveUpTo(queueUrl, batchMessagesMax - this.#gathered.length);
    if (this.#gathered.length === 0) {
      this.#windowEnds = this.#world.now + windowSeconds * 1000;
    }
    this.#gathered.push(...received);
    const full = this.#gathered.length >= batchMessagesMax;
    if (this.#gathered.length > 0 && (full || this.#world.now >= this.#windowEnds)) {
      const batch = this.#gathered;
      this.#gathered = [];
      this.#invocations += 1;
      const records = batch.map((record) => ({ ...record, attributes: { ...record.attributes } }));
      await this.#function.invoke({ Records: records }, (outcome) => {
        this.#invocations -= 1;
        this.#settle(batch, outcome);
      });
    }
  }

  #settle(batch: readonly SQSRecord[], outcome: InvocationOutcome): void {
    if (outcome.kind !== 'returned') {
      return;
    }
    const ids = batch.map(({ messageId }) => messageId);
    const failed = this.#settings.partialResponses ? failedMessageIds(outcome.value, ids) : new Set<string>();
    for (const { messageId, receiptHandle } of batch) {
      if (failed.has(messageId)) {
        this.#world.happened('lambda', `message ${messageId} failed and stays in the queue`);
      } else {
        this.#world.sqs.deleteMessage({ QueueUrl: this.#settings.queueUrl, ReceiptHandle: receiptHandle });
      }
    }
  }
}
