import type { ExecutionEnvironment, InvocationOutcome } from './executionEnvironment.ts';

/** How one invocation is to go. */
export interface RunningOptions {
  /** The invocation is stopped when this many calls have taken effect. */
  readonly callsMax: number;
  /** Whether it may only read until it is released. */
  readonly held: boolean;
}

/** An invocation on its way: stands between the function and the services, and lets its calls through, keeps them waiting or ends it. */
export class RunningInvocation {
  /** Resolves when the invocation waits to be released. */
  readonly waiting: Promise<void>;
  /** What went wrong in the simulation itself while it answered a call. */
  defect: unknown;

  readonly #environment: ExecutionEnvironment;
  readonly #callsMax: number;
  readonly #waits = Promise.withResolvers<void>();
  readonly #release = Promise.withResolvers<void>();
  #held: boolean;
  #stopped = false;
  #calls = 0;

  constructor(environment: ExecutionEnvironment, options: RunningOptions) {
    this.#environment = environment;
    this.#callsMax = options.callsMax;
    this.#held = options.held;
    this.waiting = this.#waits.promise;
  }

  /** How many calls took effect. */
  get calls(): number {
    return this.#calls;
  }

  /** Whether it was ended from outside. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Starts the function, unless it is to end before its first call. */
  async start(run: () => Promise<InvocationOutcome>): Promise<InvocationOutcome> {
    if (this.#callsMax === 0) {
      await this.stop();
      return { kind: 'ended' };
    }
    return run();
  }

  /** Lets it write from now on. */
  release(): void {
    this.#held = false;
    this.#release.resolve();
  }

  /** Ends it together with its execution environment; no call of it takes effect any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#environment.terminate();
  }

  /** Answers one call of it; `undefined` where the invocation has ended, before the call or because of it. */
  async answer<Answer>(reads: boolean, answer: () => Answer): Promise<Answer | undefined> {
    if (this.#held && !reads) {
      this.#waits.resolve();
      await this.#release.promise;
    }
    if (this.#stopped) {
      return undefined;
    }
    const given = this.#apply(answer);
    if (this.#calls >= this.#callsMax) {
      await this.stop();
      return undefined;
    }
    return given;
  }

  #apply<Answer>(answer: () => Answer): Answer {
    this.#calls += 1;
    try {
      return answer();
    } catch (error) {
      this.defect = error;
      throw error;
    }
  }
}
