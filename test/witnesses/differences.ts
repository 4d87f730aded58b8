import { differencesOfMiniStack } from './differences/miniStack.ts';
import { differencesOfMoto } from './differences/moto.ts';
import type { Answer } from './probes/probe.ts';

/** Answers of one witness that are not AWS's, for one reason. */
export interface Difference {
  /** What the witness does. AWS is right each time: the page of the probe says so. */
  readonly because: string;
  /** What the witness answers, by the name of the probe. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** Where the witnesses differ from AWS, and from `sim/`. Whatever is not here is agreed upon. */
export const differences: Readonly<Record<string, readonly Difference[]>> = {
  moto: differencesOfMoto,
  MiniStack: differencesOfMiniStack,
};
