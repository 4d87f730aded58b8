import { hash } from 'node:crypto';
import type { Milliseconds, World } from '../world.ts';
import { numericAttribute, type RedrivePolicy, readRedrivePolicy } from './queueAttributes.ts';

/** A message in a queue. Instants are epoch milliseconds on the world's clock. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly sentAt: Milliseconds;
  /** ARN of the queue that gave the message up, where this is a dead letter. */
  readonly deadLetterSource: string | undefined;
  visibleAt: Milliseconds;
  receiveCount: number;
  firstReceivedAt: Milliseconds | undefined;
  /** Whether a receiver holds it, unless `visibleAt` has passed. */
  received: boolean;
  /** The handle of its last delivery. */
  receiptHandle: string | undefined;
}

/** One delivery of a message; the handle answers for this delivery only. */
export interface Delivery {
  readonly message: QueuedMessage;
  readonly receiptHandle: string;
}

/** A standard queue: delays, visibility, retention and redrive on the world's clock. First sent, first received, for runs to be readable. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly redrivePolicy: RedrivePolicy | undefined;
  readonly createdAt: Milliseconds;

  readonly #world: World;
  readonly #retentionSeconds: number;
  readonly #findByArn: (arn: string) => Queue | undefined;
  /** By their ids, in the order in which they came. */
  readonly #messages = new Map<string, QueuedMessage>();
  /** By the handles of their last deliveries. */
  readonly #delivered = new Map<string, QueuedMessage>();

  constructor(
    world: World,
    name: string,
    attributes: Readonly<Record<string, string>>,
    findByArn: (arn: string) => Queue | undefined,
  ) {
    this.#world = world;
    this.#findByArn = findByArn;
    this.name = name;
    this.arn = `arn:aws:sqs:${world.region}:${world.account}:${name}`;
    this.attributes = attributes;
    this.redrivePolicy = readRedrivePolicy(attributes);
    this.#retentionSeconds = numericAttribute(attributes, 'MessageRetentionPeriod');
    this.createdAt = world.now;
  }

  /** Messages that are neither deleted nor older than the retention period, oldest first. */
  get messages(): readonly QueuedMessage[] {
    for (const message of this.#messages.values()) {
      if (!this.#retains(message)) {
        this.delete(message);
      }
    }
    return [...this.#messages.values()];
  }

  send(body: string, delaySeconds?: number): QueuedMessage {
    const delay = delaySeconds ?? numericAttribute(this.attributes, 'DelaySeconds');
    const message: QueuedMessage = {
      id: this.#world.uuid(),
      body,
      // Worked out when somebody asks, since hardly anybody does: it takes longer than all the rest of a send.
      get bodyMd5() {
        return hash('md5', body);
      },
      sentAt: this.#world.now,
      deadLetterSource: undefined,
      visibleAt: this.#world.now + delay * 1000,
      receiveCount: 0,
      firstReceivedAt: undefined,
      received: false,
      receiptHandle: undefined,
    };
    this.#messages.set(message.id, message);
    return message;
  }

  /** Takes up to `count` visible messages; those received `maxReceiveCount` times before go to the dead-letter queue instead. */
  receive(
    count: number,
    visibilitySeconds = numericAttribute(this.attributes, 'VisibilityTimeout'),
  ): readonly Delivery[] {
    this.#redrive();
    const { now } = this.#world;
    const taken = this.messages.filter((message) => message.visibleAt <= now).slice(0, count);
    return taken.map((message) => {
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + visibilitySeconds * 1000;
      message.received = true;
      return { message, receiptHandle: this.#handOut(message) };
    });
  }

  /** The message that a handle was given for, if the handle is of its last delivery; `malformed` if it was never given by this queue. */
  find(receiptHandle: string): QueuedMessage | 'malformed' | undefined {
    const message = this.#delivered.get(receiptHandle);
    if (message !== undefined) {
      return this.#retains(message) ? message : undefined;
    }
    const [name, id, count] = Buffer.from(receiptHandle, 'base64').toString().split(' ');
    return name !== this.name || id === undefined || count === undefined ? 'malformed' : undefined;
  }

  delete(message: QueuedMessage): void {
    this.#messages.delete(message.id);
    this.#takeBack(message);
  }

  purge(): void {
    this.#messages.clear();
    this.#delivered.clear();
  }

  /** When the next message becomes visible, at the earliest now. */
  visibleAt(): Milliseconds | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const message of this.messages) {
      first = Math.min(first, message.visibleAt);
    }
    return first === Number.POSITIVE_INFINITY ? undefined : Math.max(this.#world.now, first);
  }

  #redrive(): void {
    const policy = this.redrivePolicy;
    const target = policy === undefined ? undefined : this.#findByArn(policy.deadLetterTargetArn);
    if (policy === undefined || target === undefined) {
      return;
    }
    for (const message of this.messages.filter((candidate) => candidate.visibleAt <= this.#world.now)) {
      if (message.receiveCount >= policy.maxReceiveCount) {
        this.delete(message);
        target.#messages.set(message.id, {
          ...message,
          deadLetterSource: this.arn,
          received: false,
          receiptHandle: undefined,
        });
        this.#world.happened(
          'sqs',
          `${this.name}: message ${message.id} went to ${target.name} after ${message.receiveCount} receives`,
        );
      }
    }
  }

  #retains(message: QueuedMessage): boolean {
    return message.sentAt > this.#world.now - this.#retentionSeconds * 1000;
  }

  /** Gives the message a handle, in place of the one that it has. */
  #handOut(message: QueuedMessage): string {
    this.#takeBack(message);
    const receiptHandle = Buffer.from(`${this.name} ${message.id} ${message.receiveCount}`).toString('base64');
    message.receiptHandle = receiptHandle;
    this.#delivered.set(receiptHandle, message);
    return receiptHandle;
  }

  #takeBack(message: QueuedMessage): void {
    if (message.receiptHandle !== undefined) {
      this.#delivered.delete(message.receiptHandle);
    }
  }
}
