/**
 * The inside of one execution environment: runs in a worker thread, imports the function's code as Lambda's Node.js runtime does, and gives
 * it the world's clock for its own.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentMessage, EnvironmentStart, InvocationStart } from './functionProtocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

if (!isMainThread && parentPort !== null) {
  run(workerData, parentPort);
}

function run(start: EnvironmentStart, port: NonNullable<typeof parentPort>): void {
  const clock = new Float64Array(start.clock);
  const now = (): number => clock[0] ?? 0;
  const post = (message: EnvironmentMessage): void => port.postMessage(message);

  setClock(now);
  capture('stdout', post);
  capture('stderr', post);
  // As an option of the thread itself, a flag that only a whole process knows would keep it from starting.
  if (start.nodeOptions !== undefined) {
    process.env['NODE_OPTIONS'] = start.nodeOptions;
    process.setSourceMapsEnabled(start.nodeOptions.includes('--enable-source-maps'));
  }

  const handler = loadHandler(start.codeFolder, start.handler);
  // Reported with the first invocation, as Lambda does.
  handler.catch(() => undefined);
  port.on('message', (invocation: InvocationStart) => {
    void answer(handler, invocation, now).then(post);
  });
}

async function answer(
  loading: Promise<Handler>,
  invocation: InvocationStart,
  now: () => number,
): Promise<EnvironmentMessage> {
  try {
    const handler = await loading;
    const context = {
      ...invocation.context,
      getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - now()),
    };
    const value: unknown = await handler(JSON.parse(invocation.event), context);
    return { kind: 'returned', value: value === undefined ? 'null' : JSON.stringify(value) };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', errorType: thrown.name, message: thrown.message, trace: thrown.stack ?? '' };
  }
}

async function loadHandler(codeFolder: string, name: string): Promise<Handler> {
  const dot = name.lastIndexOf('.');
  const path = join(codeFolder, name.slice(0, dot));
  const extension = ['.js', '.mjs', '.cjs'].find((candidate) => existsSync(`${path}${candidate}`));
  if (extension === undefined) {
    throw new Error(`Cannot find module '${name.slice(0, dot)}' in the function's code`);
  }
  const module: unknown = await import(pathToFileURL(`${path}${extension}`).href);
  const handler: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, name.slice(dot + 1)) : undefined;
  if (!isHandler(handler)) {
    throw new Error(`${name} is undefined or not exported`);
  }
  if (handler.length > 2) {
    // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-callback
    throw new Error('Callback-based function handlers are not supported by the runtime');
  }
  return handler;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

// A proxy, and not a subclass, so that `Date` keeps its prototype and all of its forms.
function setClock(now: () => number): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
  });
}

// A thread's own output reaches its parent later than its messages do; a log line must not arrive after the answer.
function capture(name: 'stdout' | 'stderr', post: (message: EnvironmentMessage) => void): void {
  process[name].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    post({ kind: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') {
      done();
    }
    return true;
  };
}
