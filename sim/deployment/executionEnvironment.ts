import { devNull } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { EnvironmentMessage, EnvironmentStart, InvocationStart } from './functionProtocol.ts';

/** How an invocation ended. */
export type InvocationOutcome =
  /** `value` is the JSON that the function returned. */
  | { readonly kind: 'returned'; readonly value: string }
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string; readonly trace: string }
  /** The execution environment ended before the function did. */
  | { readonly kind: 'ended' };

/** What an execution environment runs. */
export interface EnvironmentOptions {
  readonly codeFolder: string;
  readonly handler: string;
  /** Its environment variables, all of them. */
  readonly variables: Readonly<Record<string, string>>;
  /** What tells its calls from those of others. */
  readonly sessionToken: string;
  /** What its clock shows while it starts, as epoch milliseconds. */
  readonly startsAt: number;
  /** Called with all that the function writes to its standard output and error. */
  readonly onOutput: (text: string) => void;
}

/** One execution environment of a function: a worker thread that keeps its module state from one invocation to the next. */
export class ExecutionEnvironment {
  readonly sessionToken: string;

  readonly #worker: Worker;
  readonly #clock: Float64Array<SharedArrayBuffer>;
  #settle: ((outcome: InvocationOutcome) => void) | undefined;
  #alive = true;

  constructor(options: EnvironmentOptions) {
    this.sessionToken = options.sessionToken;
    const clock = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    this.#clock = new Float64Array(clock);
    this.#clock[0] = options.startsAt;
    const { NODE_OPTIONS: nodeOptions, ...variables } = options.variables;
    const start: EnvironmentStart = { codeFolder: options.codeFolder, handler: options.handler, clock, nodeOptions };
    this.#worker = new Worker(new URL('./functionWorker.ts', import.meta.url), {
      workerData: start,
      // The SDK would also read the profile of whoever runs this.
      env: { ...variables, AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: EnvironmentMessage) => {
      if (message.kind === 'output') {
        options.onOutput(message.text);
      } else {
        this.#end(message);
      }
    });
    this.#worker.on('error', (error) => {
      this.#alive = false;
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      this.#end({ kind: 'failed', errorType: name, message, trace: stack ?? '' });
    });
    this.#worker.on('exit', () => {
      this.#alive = false;
      this.#end({ kind: 'ended' });
    });
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Sets the instant that `Date` shows in the function, as epoch milliseconds. */
  setClock(now: number): void {
    this.#clock[0] = now;
  }

  /** Runs one invocation; the next one may start when it has ended. */
  invoke(invocation: InvocationStart): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      if (this.#alive) {
        this.#worker.postMessage(invocation);
      } else {
        this.#end({ kind: 'ended' });
      }
    });
  }

  /** Ends it at once, in the middle of whatever it does. */
  async terminate(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }

  #end(outcome: InvocationOutcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }
}
