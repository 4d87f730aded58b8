import type { DiceFault, Scenario } from './scenario.ts';

/** Decides about faults. Each class has a stream of its own, so that a class that is switched off changes nothing for the others. */
export interface Dice {
  /** Does it happen this time? */
  readonly strikes: (fault: DiceFault) => boolean;
  /** A number in [0, 1) about it. */
  readonly draw: (about: string) => number;
}

/** Dice of a scenario's seed and rates; once `faulty` says no, nothing strikes any more. */
export function createDice({ seed, rates }: Scenario, faulty: () => boolean): Dice {
  const streams = new Map<string, () => number>();
  const draw = (about: string): number => {
    const stream = streams.get(about) ?? createStream(seed, about);
    streams.set(about, stream);
    return stream();
  };
  return {
    strikes: (fault) => {
      const rate = rates[fault] ?? 0;
      return rate > 0 && faulty() && draw(fault) < rate;
    },
    draw,
  };
}

/** Numbers in [0, 1) (mulberry32), from the seed and what they are about (FNV-1a). */
function createStream(seed: number, about: string): () => number {
  let state = (seed ^ 0x811c9dc5) >>> 0;
  for (const character of about) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
