import type { World } from '../world.ts';
import { clockText } from './clockText.ts';
import type { Operator } from './operator.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** World seconds between two looks at what has happened: no more than the event source's poll. */
const stepSeconds = 0.25;

/** Called for each step with the demo's clock, `mm:ss`; resolves when the next step may be taken. */
export type OnStep = (clock: string) => Promise<void>;

/** What chapters are played with. */
export interface PlayParts {
  readonly world: World;
  readonly subject: Subject;
  readonly timeline: Timeline;
  readonly operator: Operator;
  readonly onStep: OnStep | undefined;
}

/** The demo's hold on time: the world's clock moves in steps, and what happened in each is printed. */
export class Play {
  readonly world: World;
  readonly subject: Subject;
  readonly timeline: Timeline;
  readonly operator: Operator;
  readonly #onStep: OnStep | undefined;

  constructor({ world, subject, timeline, operator, onStep }: PlayParts) {
    this.world = world;
    this.subject = subject;
    this.timeline = timeline;
    this.operator = operator;
    this.#onStep = onStep;
  }

  /** Lets so many seconds pass. */
  async advance(seconds: number): Promise<void> {
    await this.until(() => false, seconds);
  }

  /** Lets time pass until something holds; says whether it did within so many seconds. */
  async until(holds: () => boolean, secondsMax: number): Promise<boolean> {
    const end = this.world.now + secondsMax * 1000;
    while (!holds()) {
      if (this.world.now >= end) {
        return false;
      }
      await this.world.advance(stepSeconds);
      this.timeline.print();
      await this.#onStep?.(clockText(this.timeline.seconds));
    }
    return true;
  }
}
