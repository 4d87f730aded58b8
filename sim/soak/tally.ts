import { type PropertyName, propertyNames } from '../properties/propertyName.ts';
import { type FaultClass, faultClasses } from '../scenario/faultClass.ts';
import type { Verdict } from '../scenario/verdict.ts';

/** How often something was seen. */
export interface Count {
  readonly times: number;
  /** Seeds in which it was seen at all. */
  readonly seeds: number;
}

/** A seed that did not hold. */
export interface Finding {
  readonly seed: number;
  /** Nothing where the run itself came to no end. */
  readonly property: PropertyName | undefined;
  readonly text: string;
}

/** What some seeds showed, in sum. Threads pass it on by structured clone, so that it holds no functions. */
export interface Tally {
  readonly seeds: number;
  readonly passes: number;
  readonly writes: number;
  /** On the clocks of the seeds' worlds. */
  readonly seconds: number;
  readonly faults: ReadonlyMap<FaultClass, Count>;
  readonly checks: ReadonlyMap<PropertyName, Count>;
  /** By seed. */
  readonly findings: readonly Finding[];
}

const noCount: Count = { times: 0, seeds: 0 };

/** No seeds yet. */
export const emptyTally: Tally = {
  seeds: 0,
  passes: 0,
  writes: 0,
  seconds: 0,
  faults: new Map(faultClasses.map((name) => [name, noCount])),
  checks: new Map(propertyNames.map((name) => [name, noCount])),
  findings: [],
};

/** One seed that came to its end. */
export function tallyOf(seed: number, verdict: Verdict): Tally {
  const { violation, passes, writes, seconds } = verdict;
  return {
    seeds: 1,
    passes,
    writes,
    seconds,
    faults: new Map(faultClasses.map((name) => [name, once(verdict.faults[name])])),
    checks: new Map(propertyNames.map((name) => [name, once(verdict.checks[name])])),
    findings: violation === undefined ? [] : [{ seed, ...violation }],
  };
}

/** One seed that did not come to its end, and why. */
export function tallyOfFailure(seed: number, text: string): Tally {
  return { ...emptyTally, seeds: 1, findings: [{ seed, property: undefined, text }] };
}

/** Two tallies as one; the order does not matter. */
export function sum(left: Tally, right: Tally): Tally {
  return {
    seeds: left.seeds + right.seeds,
    passes: left.passes + right.passes,
    writes: left.writes + right.writes,
    seconds: left.seconds + right.seconds,
    faults: sumCounts(left.faults, right.faults),
    checks: sumCounts(left.checks, right.checks),
    findings: [...left.findings, ...right.findings].toSorted((one, other) => one.seed - other.seed),
  };
}

function once(times: number): Count {
  return { times, seeds: times > 0 ? 1 : 0 };
}

function sumCounts<Name>(left: ReadonlyMap<Name, Count>, right: ReadonlyMap<Name, Count>): ReadonlyMap<Name, Count> {
  return new Map(
    [...left].map(([name, { times, seeds }]) => {
      const more = right.get(name) ?? noCount;
      return [name, { times: times + more.times, seeds: seeds + more.seeds }];
    }),
  );
}
