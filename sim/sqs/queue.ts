import { createHash } from 'node:crypto';
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
  attributes: Readonly<Record<string, string>>;
  readonly createdAt: Milliseconds;

  readonly #world: World;
  readonly #findByArn: (arn: string) => Queue | undefined;
  #messages: QueuedMessage[] = [];

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
    this.createdAt = world.now;
  }

  get redrivePolicy(): RedrivePolicy | undefined {
    return readRedrivePolicy(this.attributes);
  }

  /** Messages that are neither deleted nor older than the retention period, oldest first. */
  get messages(): readonly QueuedMessage[] {
    const oldest = this.#world.now - numericAttribute(this.attributes, 'MessageRetentionPeriod') * 1000;
    this.#messages = this.#messages.filter((message) => message.sentAt > oldest);
    return this.#messages;
  }

  send(body: string, delaySeconds?: number): QueuedMessage {
    const delay = delaySeconds ?? numericAttribute(this.attributes, 'DelaySeconds');
    const message: QueuedMessage = {
      id: this.#world.uuid(),
      body,
      bodyMd5: createHash('md5').update(body).digest('hex'),
      sentAt: this.#world.now,
      deadLetterSource: undefined,
      visibleAt: this.#world.now + delay * 1000,
      receiveCount: 0,
      firstReceivedAt: undefined,
      received: false,
    };
    this.#messages.push(message);
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
      return { message, receiptHandle: this.#receiptHandle(message) };
    });
  }

  /** The message that a handle was given for, if the handle is of its last delivery; `malformed` if it was never given by this queue. */
  find(receiptHandle: string): QueuedMessage | 'malformed' | undefined {
    const [name, id, count] = Buffer.from(receiptHandle, 'base64').toString().split(' ');
    if (name !== this.name || id === undefined || count === undefined) {
      return 'malformed';
    }
    return this.messages.find((message) => message.id === id && this.#receiptHandle(message) === receiptHandle);
  }

  delete(message: QueuedMessage): void {
    this.#messages = this.#messages.filter((candidate) => candidate !== message);
  }

  purge(): void {
    this.#messages = [];
  }

  /** When the next message becomes visible, at the earliest now. */
  visibleAt(): Milliseconds | undefined {
    const instants = this.messages.map((message) => message.visibleAt);
    return instants.length === 0 ? undefined : Math.max(this.#world.now, Math.min(...instants));
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
        target.#messages.push({ ...message, deadLetterSource: this.arn, received: false });
        this.#world.happened(
          'sqs',
          `${this.name}: message ${message.id} went to ${target.name} after ${message.receiveCount} receives`,
        );
      }
    }
  }

  #receiptHandle(message: QueuedMessage): string {
    return Buffer.from([this.name, message.id, message.receiveCount].join(' ')).toString('base64');
  }
}
