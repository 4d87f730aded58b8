/** What a worker thread is given to become an execution environment. */
export interface EnvironmentStart {
  /** Folder of the function's code. */
  readonly codeFolder: string;
  /** Module and export, such as `handler.handler`. */
  readonly handler: string;
  /** One number that both sides share: the instant that `Date` shows in the function, as epoch milliseconds. */
  readonly clock: SharedArrayBuffer;
  /** The template's `NODE_OPTIONS`. */
  readonly nodeOptions: string | undefined;
}

/** One invocation, as it is sent to an execution environment. */
export interface InvocationStart {
  /** The event as JSON. */
  readonly event: string;
  /** The plain members of the handler's second argument. */
  readonly context: Readonly<Record<string, string>>;
  /** Epoch milliseconds on the world's clock after which the function is out of time. */
  readonly deadline: number;
}

/** What an execution environment says. */
export type EnvironmentMessage =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'returned'; readonly value: string }
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string; readonly trace: string };
