import type { Milliseconds } from '../world.ts';
import type { InvocationOutcome } from './executionEnvironment.ts';

/** One run of a function. */
export interface Invocation {
  /** Counts from 1. */
  readonly number: number;
  readonly at: Milliseconds;
  readonly event: unknown;
}

/** What goes wrong with one invocation. */
export type InvocationFault =
  /** The function never hears of the event. */
  | { readonly kind: 'drop' }
  /** The execution environment ends when the services have answered this many calls, the last answer unheard. */
  | { readonly kind: 'crash'; readonly afterCalls: number }
  /** As a crash, but Lambda knows of it only when the function's time is up. */
  | { readonly kind: 'timeOut'; readonly afterCalls: number };

/** How an invocation ended, and what it took. */
export interface FinishedInvocation extends Invocation {
  readonly finishedAt: Milliseconds;
  readonly outcome: InvocationOutcome;
  /** How many calls of it took effect. */
  readonly calls: number;
  readonly coldStart: boolean;
}
