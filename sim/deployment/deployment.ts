import type { AnsweredCall, RouterOptions } from '../wire/router.ts';
import type { EventSource } from './eventSource.ts';
import type { DeployedFunction, LogLine } from './function.ts';
import type { FinishedInvocation, Invocation, InvocationFault } from './invocation.ts';

/** The moving parts that a deployment is put together from. */
export interface DeploymentParts {
  readonly url: string;
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly function: DeployedFunction;
  readonly eventSource: EventSource;
  readonly calls: readonly AnsweredCall[];
  /** Ends what the deployment itself does not know of: its endpoint and its files. */
  readonly close: () => Promise<void>;
}

/** A stack that runs in a world: its function works as the world's clock is moved. */
export class Deployment {
  /** Makes calls to the services fail, whoever makes them. */
  callFault: RouterOptions['fault'];

  readonly #parts: DeploymentParts;

  constructor(parts: DeploymentParts) {
    this.#parts = parts;
  }

  /** Where the services answer on loopback. A call from here that does not come from the function is an operator's, and may do all. */
  get url(): string {
    return this.#parts.url;
  }

  /** URLs of the stack's queues, by logical id. */
  get queueUrls(): Readonly<Record<string, string>> {
    return this.#parts.queueUrls;
  }

  /** What the function wrote, oldest first. */
  get logs(): readonly LogLine[] {
    return this.#parts.function.logs;
  }

  /** The function's finished invocations, oldest first. */
  get invocations(): readonly FinishedInvocation[] {
    return this.#parts.function.invocations;
  }

  /** Calls that reached the services, the operator's included, oldest first. */
  get calls(): readonly AnsweredCall[] {
    return this.#parts.calls;
  }

  /** How long an invocation takes on the world's clock. @default 0 */
  get functionSeconds(): number {
    return this.#parts.function.seconds;
  }

  set functionSeconds(seconds: number) {
    this.#parts.function.seconds = seconds;
  }

  /** What goes wrong with an invocation, asked once for each. @default nothing */
  get fault(): ((invocation: Invocation) => InvocationFault | undefined) | undefined {
    return this.#parts.function.fault;
  }

  set fault(fault: ((invocation: Invocation) => InvocationFault | undefined) | undefined) {
    this.#parts.function.fault = fault;
  }

  /** Has every invocation from now on start from nothing, once, as after a deployment or a long silence. */
  async coldStart(): Promise<void> {
    await this.#parts.function.coldStart();
  }

  /** Ends the function and its endpoint. The world stays as it is. */
  async close(): Promise<void> {
    this.#parts.eventSource.stop();
    await this.#parts.function.close();
    await this.#parts.close();
  }
}
