import { AutoScaling } from './autoScaling.ts';
import { Ec2 } from './ec2.ts';
import { EventBridge } from './eventBridge.ts';
import { Route53 } from './route53.ts';
import { Sqs } from './sqs.ts';
import { TaskQueue } from './taskQueue.ts';

/** Epoch milliseconds on the world's clock. */
export type Milliseconds = number;

/** Where and when the world is. */
export interface WorldOptions {
  /** @default 2026-11-21T09:00:00.000Z */
  readonly startsAt?: string;
  /** @default 111122223333 */
  readonly account?: string;
  /** @default eu-west-1 */
  readonly region?: string;
  /** Seed of every identifier and delay the world makes up. @default 1 */
  readonly seed?: number;
}

/** Something that happened in the world, for timelines: who did what, in one line. */
export interface Happening {
  readonly at: Milliseconds;
  readonly source: string;
  readonly text: string;
}

/**
 * A small AWS: the services that the sync talks to, on one clock that only its caller moves. Nothing in it reads the machine's clock or
 * its randomness, so that a run is a function of its seed and of what was asked of it.
 */
export class World {
  readonly account: string;
  readonly region: string;
  readonly ec2: Ec2;
  readonly autoScaling: AutoScaling;
  readonly route53: Route53;
  readonly sqs: Sqs;
  readonly eventBridge: EventBridge;
  readonly happenings: Happening[] = [];

  #now: Milliseconds;
  #order = 0;
  #uuids = 0;
  #random: number;
  /** The present instant as text, once somebody asked for it: many events happen in one instant. */
  #timestamp: string | undefined;
  readonly #tasks = new TaskQueue();
  readonly #watchers: ((happening: Happening) => void)[] = [];

  constructor(options: WorldOptions = {}) {
    this.#now = Date.parse(options.startsAt ?? '2026-11-21T09:00:00.000Z');
    this.account = options.account ?? '111122223333';
    this.region = options.region ?? 'eu-west-1';
    this.#random = (options.seed ?? 1) >>> 0;
    this.eventBridge = new EventBridge(this);
    this.ec2 = new Ec2(this);
    this.autoScaling = new AutoScaling(this);
    this.route53 = new Route53(this);
    this.sqs = new Sqs(this);
  }

  get now(): Milliseconds {
    return this.#now;
  }

  /** The world's instant as AWS prints it. */
  get timestamp(): string {
    this.#timestamp ??= new Date(this.#now).toISOString();
    return this.#timestamp;
  }

  /** Runs a task when the clock gets there; tasks of one instant run in the order they were asked for. */
  after(seconds: number, run: () => void | Promise<void>): void {
    this.#tasks.add({ at: this.#now + Math.round(seconds * 1000), order: this.#order++, run });
  }

  /** Moves the clock, running every task that falls due, in order of its instant. */
  async advance(seconds: number): Promise<void> {
    const until = this.#now + Math.round(seconds * 1000);
    for (let task = this.#tasks.take(until); task !== undefined; task = this.#tasks.take(until)) {
      this.#moveTo(task.at);
      await task.run();
    }
    this.#moveTo(until);
  }

  /** A number in [0, 1) from the world's seed (mulberry32). */
  random(): number {
    this.#random = (this.#random + 0x6d2b79f5) >>> 0;
    let mixed = this.#random;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** Lower-case hexadecimal digits from the world's seed, eight from each number drawn. */
  hex(digits: number): string {
    let drawn = '';
    while (drawn.length < digits) {
      drawn += Math.floor(this.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    }
    return drawn.slice(0, digits);
  }

  /** An identifier of the form of a UUID: its first digits are from the world's seed, its last ones count, so that each event costs one draw. */
  uuid(): string {
    this.#uuids += 1;
    return `${this.hex(8)}-0000-4000-8000-${this.#uuids.toString(16).padStart(12, '0')}`;
  }

  /** Notes what happened, for timelines. */
  happened(source: string, text: string): void {
    const happening: Happening = { at: this.#now, source, text };
    this.happenings.push(happening);
    for (const watcher of this.#watchers) {
      watcher(happening);
    }
  }

  /** Calls back on everything that happens from now on. */
  watch(watcher: (happening: Happening) => void): void {
    this.#watchers.push(watcher);
  }

  #moveTo(instant: Milliseconds): void {
    if (instant !== this.#now) {
      this.#now = instant;
      this.#timestamp = undefined;
    }
  }
}
