import { spawnSync } from 'node:child_process';
import { type Witness, witnessPath } from './witness.ts';

/** What a witness answered. */
export interface Answer {
  readonly exitCode: number;
  readonly output: string;
  /** What it said beside its answer: for the message of a failure. */
  readonly complaint: string;
}

const answerSecondsMax = 60;

/** Runs a witness that reads its parameters and its input, answers and ends. Throws an `Error` that names it where it cannot run or does not end. */
export function askWitness(witness: Witness, parameters: readonly string[], input = ''): Answer {
  const { status, stdout, stderr, error } = spawnSync(witnessPath(witness), parameters, {
    input,
    encoding: 'utf8',
    timeout: answerSecondsMax * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === null) {
    throw new Error(`Cannot ask the witness "${witness}": must end within ${answerSecondsMax} s: found ${stderr}`, {
      cause: error,
    });
  }
  return { exitCode: status, output: stdout, complaint: stderr };
}
