import type { Deployment } from '../deployment/deployment.ts';
import type { Milliseconds, World } from '../world.ts';
import type { Chronicle, Moment, PassStart } from './chronicle.ts';
import { clockText } from './clockText.ts';
import { acceptedRecord } from './clusterRecord.ts';
import { counted } from './counted.ts';
import { logEntries } from './functionLog.ts';
import { grouped } from './grouped.ts';
import type { Page } from './page.ts';
import { printRecordTable } from './recordTable.ts';
import { route53Text } from './route53Text.ts';
import { shortIds } from './shortId.ts';
import type { Subject } from './subject.ts';
import { wakingText } from './wakingText.ts';

/** What the timeline tells of. */
export interface TimelineParts {
  readonly world: World;
  readonly deployment: Deployment;
  readonly subject: Subject;
  readonly chronicle: Chronicle;
  readonly page: Page;
}

/** Prints a chronicle as it grows: events, the passes that changed something with their decisions, and the record before and after. */
export class Timeline {
  readonly #parts: TimelineParts;
  readonly #startedAt: Milliseconds;
  #moments = 0;
  #passes = 0;
  #quietPasses = 0;

  constructor(parts: TimelineParts) {
    this.#parts = parts;
    this.#startedAt = parts.world.now;
  }

  /** Seconds on the demo's clock, which starts with the timeline. */
  get seconds(): number {
    return this.#secondsAt(this.#parts.world.now);
  }

  /** Prints what somebody does now. */
  tell(source: string, text: string): void {
    this.print();
    this.#parts.page.entry(this.seconds, source, text);
  }

  /** Prints what has happened since the last time. */
  print(): void {
    const { moments, passes } = this.#parts.chronicle;
    while (this.#passes < passes.length) {
      const pass = passes[this.#passes];
      const next = passes[this.#passes + 1];
      this.#passes += 1;
      if (pass !== undefined) {
        this.#printMoments(moments.slice(this.#moments, pass.moments));
        const rest = moments.slice(pass.moments, next?.moments);
        const effects = rest.filter(({ invocation }) => invocation === pass.number);
        this.#printPass(pass, next, effects);
        this.#moments = pass.moments + effects.length;
      }
    }
    this.#printMoments(moments.slice(this.#moments));
    this.#moments = moments.length;
  }

  /** Prints what is left, and how many passes there were nothing to tell of. */
  endChapter(): void {
    this.print();
    if (this.#quietPasses > 0) {
      const { page } = this.#parts;
      page.entry(
        this.seconds,
        'asg-srv',
        `${counted(this.#quietPasses, 'more pass', 'more passes')} found nothing to change and wrote nothing`,
        'dim',
      );
    }
    this.#quietPasses = 0;
  }

  #printPass(pass: PassStart, next: PassStart | undefined, effects: readonly Moment[]): void {
    const { page, world, deployment, subject } = this.#parts;
    const entries = logEntries(deployment.logs.slice(pass.logLines, next?.logLines));
    const decisions = entries.flatMap(({ changes }) => changes);
    const troubles = entries.filter(({ level }) => level !== 'INFO');
    if (decisions.length + troubles.length + effects.length === 0) {
      this.#quietPasses += 1;
      return;
    }
    page.entry(this.#secondsAt(pass.at), 'asg-srv', `woken by ${wakingText(pass.event)}`, 'dim');
    for (const { level, message, reason } of troubles) {
      page.detail(`${level} ${message}${reason === undefined ? '' : `: ${reason}`}`, 'red');
    }
    for (const decision of grouped(decisions.map((text) => this.#withClock(text)))) {
      page.detail(decision);
    }
    const after = next?.before ?? acceptedRecord(world, subject);
    if (after.serial !== pass.before.serial) {
      printRecordTable(page, subject.recordName, pass.before, after);
    }
    // The decision has told of the tags.
    this.#printMoments(effects.filter(({ text }) => !text.includes(': tags ')));
  }

  #printMoments(moments: readonly Moment[]): void {
    for (const [at, simultaneous] of Map.groupBy(moments, (moment) => moment.at)) {
      for (const [source, same] of Map.groupBy(simultaneous, (moment) => moment.source)) {
        for (const text of grouped(same.map((moment) => this.#textOf(moment)))) {
          this.#parts.page.entry(this.#secondsAt(at), source, text);
        }
      }
    }
  }

  #textOf(moment: Moment): string {
    return moment.source === 'route53' ? shortIds(route53Text(moment, this.#parts.world.route53.writes)) : moment.text;
  }

  /** A drain's end is logged as an instant; the demo's clock counts from its start. */
  #withClock(text: string): string {
    return text.replace(
      /srv_drain_until=([\d-]+T[\d:.]+Z)/u,
      (_, instant: string) => `srv_drain_until=${clockText(this.#secondsAt(Date.parse(instant)))}`,
    );
  }

  #secondsAt(at: Milliseconds): number {
    return (at - this.#startedAt) / 1000;
  }
}
