import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { witnessPath } from './witness.ts';

type Waiting = { readonly answer: (line: string) => void; readonly fail: (error: Error) => void };

/**
 * The matcher that EventBridge itself runs, in a Java process that answers one question after the other.
 *
 * @see https://github.com/aws/event-ruler
 */
export class EventRuler {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  readonly #gone: Promise<void>;
  #complaint = '';
  #ended = false;

  constructor() {
    const libraries = join(dirname(witnessPath('event-ruler')), '*');
    this.#process = spawn('java', ['-cp', libraries, resolve('test/witnesses/event-ruler/MatchEvents.java')]);
    createInterface(this.#process.stdout).on('line', (line) => this.#waiting.shift()?.answer(line));
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.#complaint += chunk.toString();
    });
    // A question to a process that has ended: its end fails the question.
    this.#process.stdin.on('error', () => undefined);
    this.#gone = new Promise((gone) => {
      const end = (why: string): void => {
        this.#ended = true;
        for (const { fail } of this.#waiting.splice(0)) {
          fail(this.#silent(why));
        }
        gone();
      };
      this.#process.once('error', (error) => end(error.message));
      this.#process.once('exit', (code, signal) => end(`it ended with ${code ?? signal}`));
    });
  }

  /** Whether the event matches the pattern; `undefined` where event-ruler refuses the pattern. */
  async matches(pattern: unknown, event: unknown): Promise<boolean | undefined> {
    if (this.#ended) {
      throw this.#silent('it has ended');
    }
    const line = await new Promise<string>((answer, fail) => {
      this.#waiting.push({ answer, fail });
      this.#process.stdin.write(`${JSON.stringify({ event, pattern })}\n`);
    });
    if (!/^(?:true|false|null .*)$/u.test(line)) {
      throw this.#silent(`"${line}"`);
    }
    return line.startsWith('null') ? undefined : line === 'true';
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.#process.stdin.end();
    await this.#gone;
  }

  #silent(found: string): Error {
    return new Error(`Cannot ask the witness "event-ruler": must answer: found ${found}: ${this.#complaint}`);
  }
}
