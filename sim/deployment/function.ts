import type { Milliseconds, World } from '../world.ts';
import type { EnvironmentOptions, ExecutionEnvironment, InvocationOutcome } from './executionEnvironment.ts';
import { ExecutionEnvironments } from './executionEnvironments.ts';
import type { FunctionSettings } from './functionSettings.ts';
import type { FinishedInvocation, Invocation, InvocationFault } from './invocation.ts';
import { type Json, parseJsonOrNothing } from './json.ts';
import { RunningInvocation } from './runningInvocation.ts';

/** One line that the function wrote to its standard output or error. */
export interface LogLine {
  readonly at: Milliseconds;
  readonly text: string;
  /** The line as JSON, where it is JSON: log entries and embedded metrics of Powertools are. */
  readonly json?: Json;
}

/**
 * A deployed function: its real code in worker threads, on the world's clock. The clock stands still while the function runs, unless
 * `seconds` has it take time.
 */
export class DeployedFunction {
  readonly logs: LogLine[] = [];
  readonly invocations: FinishedInvocation[] = [];
  /**
   * How long an invocation takes on the world's clock. It reads at its beginning and waits for its end before its first write, so that passes
   * overlap and each writes what it planned from an older view. No less than the function's timeout has it run out of time.
   */
  seconds = 0;
  /** What goes wrong with an invocation, asked once for each. */
  fault: ((invocation: Invocation) => InvocationFault | undefined) | undefined;

  readonly #world: World;
  readonly #settings: FunctionSettings;
  readonly #endpointUrl: string;
  readonly #environments: ExecutionEnvironments;
  readonly #running = new Map<string, RunningInvocation>();
  #count = 0;

  /** `endpointUrl` is where the services answer. */
  constructor(world: World, settings: FunctionSettings, endpointUrl: string) {
    this.#world = world;
    this.#settings = settings;
    this.#endpointUrl = endpointUrl;
    this.#environments = new ExecutionEnvironments(() => this.#environmentOptions());
  }

  /**
   * Starts an invocation; resolves when the world's clock may move on. `whenFinished` is called at the instant at which Lambda knows the
   * outcome: before that, where the function takes no time.
   */
  async invoke(event: unknown, whenFinished: (outcome: InvocationOutcome) => void): Promise<void> {
    const world = this.#world;
    this.#count += 1;
    const invocation: Invocation = { number: this.#count, at: world.now, event };
    const fault = this.fault?.(invocation);
    const finish = (finished: Omit<FinishedInvocation, keyof Invocation | 'finishedAt'>): void => {
      this.#finished({ ...invocation, ...finished, finishedAt: world.now });
      whenFinished(finished.outcome);
    };
    if (fault?.kind === 'drop') {
      finish({ outcome: { kind: 'ended' }, calls: 0, coldStart: false });
      return;
    }
    const { timeoutSeconds } = this.#settings;
    const seconds = Math.min(this.seconds, timeoutSeconds);
    const { environment, coldStart } = this.#environments.take();
    const running = new RunningInvocation(environment, {
      callsMax: fault?.afterCalls ?? Number.POSITIVE_INFINITY,
      held: seconds > 0,
    });
    this.#running.set(environment.sessionToken, running);
    environment.setClock(world.now);
    const outcome = running.start(() => this.#run(environment, event));
    const conclude = async (): Promise<void> => {
      this.#running.delete(environment.sessionToken);
      await this.#environments.giveBack(environment);
      finish({ outcome: await outcome, calls: running.calls, coldStart });
      if (running.defect !== undefined) {
        throw new Error(`Cannot answer a call of invocation ${invocation.number}`, { cause: running.defect });
      }
    };
    const end = async (): Promise<void> => {
      await outcome;
      const secondsLeft = timeoutSeconds - (world.now - invocation.at) / 1000;
      if (running.stopped && fault?.kind === 'timeOut' && secondsLeft > 0) {
        world.after(secondsLeft, conclude);
      } else {
        await conclude();
      }
    };
    await Promise.race([outcome, running.waiting]);
    if (seconds === 0) {
      await end();
      return;
    }
    world.after(seconds, async () => {
      if (seconds === timeoutSeconds) {
        await running.stop();
      }
      environment.setClock(world.now);
      running.release();
      await end();
    });
  }

  /** Answers a call of one of its execution environments; `undefined` where that has ended and hears nothing. */
  async answer<Answer>(sessionToken: string, reads: boolean, answer: () => Answer): Promise<Answer | undefined> {
    return await this.#running.get(sessionToken)?.answer(reads, answer);
  }

  /** Has each invocation from now on start in a new execution environment, until that one is warm. */
  async coldStart(): Promise<void> {
    await this.#environments.retire();
  }

  /** Ends every execution environment, whatever it does. */
  async close(): Promise<void> {
    await this.#environments.close();
  }

  #run(environment: ExecutionEnvironment, event: unknown): Promise<InvocationOutcome> {
    const { name, arn, memoryMegabytes, logGroupName, timeoutSeconds } = this.#settings;
    return environment.invoke({
      event: JSON.stringify(event),
      deadline: this.#world.now + timeoutSeconds * 1000,
      context: {
        functionName: name,
        functionVersion: '$LATEST',
        invokedFunctionArn: arn,
        memoryLimitInMB: String(memoryMegabytes),
        awsRequestId: this.#world.uuid(),
        logGroupName,
        logStreamName: environment.sessionToken,
      },
    });
  }

  #finished(invocation: FinishedInvocation): void {
    const { number, outcome } = invocation;
    this.invocations.push(invocation);
    if (outcome.kind === 'failed') {
      this.#world.happened('lambda', `invocation ${number} failed: ${outcome.errorType}: ${outcome.message}`);
    } else if (outcome.kind === 'ended') {
      this.#world.happened('lambda', `invocation ${number} ended without an answer`);
    }
  }

  #environmentOptions(): EnvironmentOptions {
    const { codeFolder, handler, variables, roleName, name, memoryMegabytes } = this.#settings;
    const sessionToken = `environment-${this.#world.hex(16)}`;
    return {
      codeFolder,
      handler,
      sessionToken,
      startsAt: this.#world.now,
      variables: {
        ...variables,
        AWS_REGION: this.#world.region,
        // The role stands where its key would, so that each call names who made it; the token tells the environments apart.
        AWS_ACCESS_KEY_ID: roleName,
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: sessionToken,
        AWS_ENDPOINT_URL: this.#endpointUrl,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      },
      onOutput: (output) => this.#log(output),
    };
  }

  #log(output: string): void {
    for (const text of output.split('\n').filter((line) => line !== '')) {
      const json = parseJsonOrNothing(text);
      this.logs.push({ at: this.#world.now, text, ...(json === undefined ? {} : { json }) });
    }
  }
}
