import { type EnvironmentOptions, ExecutionEnvironment } from './executionEnvironment.ts';

/** The execution environments of a function: kept warm for the next invocation, as many as run at the same time. */
export class ExecutionEnvironments {
  readonly #create: () => EnvironmentOptions;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #outdated = new Set<ExecutionEnvironment>();
  #idle: ExecutionEnvironment[] = [];

  /** `create` says what a new execution environment runs. */
  constructor(create: () => EnvironmentOptions) {
    this.#create = create;
  }

  /** A warm execution environment, or else a new one. */
  take(): { readonly environment: ExecutionEnvironment; readonly coldStart: boolean } {
    const warm = this.#idle.pop();
    const environment = warm ?? new ExecutionEnvironment(this.#create());
    this.#all.add(environment);
    return { environment, coldStart: warm === undefined };
  }

  /** Takes one back after its invocation. */
  async giveBack(environment: ExecutionEnvironment): Promise<void> {
    if (environment.alive && !this.#outdated.has(environment)) {
      this.#idle.push(environment);
    } else {
      await this.#end(environment);
    }
  }

  /** Ends the idle ones at once, and the others when they are given back. */
  async retire(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    for (const environment of this.#all) {
      this.#outdated.add(environment);
    }
    await Promise.all(idle.map((environment) => this.#end(environment)));
  }

  /** Ends all of them, whatever they do. */
  async close(): Promise<void> {
    this.#idle = [];
    await Promise.all([...this.#all].map((environment) => this.#end(environment)));
  }

  async #end(environment: ExecutionEnvironment): Promise<void> {
    this.#all.delete(environment);
    this.#outdated.delete(environment);
    await environment.terminate();
  }
}
