import type { PropertyName } from '../properties/propertyName.ts';
import type { FaultClass } from './faultClass.ts';

/** A property that did not hold: who did what when, in one sentence. */
export interface Violation {
  readonly property: PropertyName;
  readonly text: string;
}

/** What a run of a scenario showed. */
export interface Verdict {
  /** The first property that did not hold, where one did not: what follows it in a run says little. */
  readonly violation: Violation | undefined;
  /** How often each fault really happened. */
  readonly faults: Readonly<Record<FaultClass, number>>;
  /** How often each property was really looked at, a case that could have broken it each. */
  readonly checks: Readonly<Record<PropertyName, number>>;
  /** What each cluster's record has said of its hosts, a sorted text for each host, such as `65535 → 0 → gone`. */
  readonly histories: Readonly<Record<string, readonly string[]>>;
  /** Effects of the function's calls: points after which it may die. */
  readonly effects: number;
  /** Function runs that were begun. */
  readonly passes: number;
  /** Change batches that Route 53 accepted from the sync. */
  readonly writes: number;
  /** Seconds on the world's clock. */
  readonly seconds: number;
  /** What happened, a line each, oldest first; made when asked for. */
  readonly timeline: () => readonly string[];
}
