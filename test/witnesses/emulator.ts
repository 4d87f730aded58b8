import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { witnessPath } from './witness.ts';

const startSecondsMax = 60;
const stopSecondsMax = 10;

/** A running emulator of AWS, on loopback only. */
export interface Emulator {
  readonly name: 'moto' | 'MiniStack';
  /** Such as `http://127.0.0.1:40123`, for `AWS_ENDPOINT_URL` or a client's `endpoint`. */
  readonly endpoint: string;
  readonly processId: number | undefined;
  /** What it printed so far. */
  readonly output: () => string;
  /** Ends it and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts moto's server. */
export async function startMoto(): Promise<Emulator> {
  const port = await freePort();
  return start('moto', port, witnessPath('moto'), ['-H', '127.0.0.1', '-p', String(port)], {});
}

/**
 * Starts MiniStack, in the Region eu-west-1, with the project's own Node.js as the runtime of functions and the project's AWS SDK in the place
 * of the one that Lambda's runtime brings.
 *
 * @param environment what functions find in their environment beyond what their configuration says, such as endpoints of single services
 */
export async function startMiniStack(environment: Readonly<Record<string, string>> = {}): Promise<Emulator> {
  const port = await freePort();
  const launcher = resolve('test/witnesses/runMiniStack.py');
  return start('MiniStack', port, witnessPath('MiniStack'), [launcher], {
    BIND_HOST: '127.0.0.1',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: 'local',
    MINISTACK_REGION: 'eu-west-1',
    NODE_PATH: resolve('node_modules'),
    PATH: `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    ...environment,
  });
}

async function start(
  name: Emulator['name'],
  port: number,
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Emulator> {
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-emulator-'));
  const child = spawn(program, parameters, {
    // Nothing else of ours: neither credentials nor endpoints of this machine are to reach what runs there.
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const emulator: Emulator = { name, endpoint, processId: child.pid, output: () => output, stop };
  try {
    await answers(emulator, child);
    refuseOtherThanLoopback(name, port, child);
    return emulator;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers({ name, endpoint, output }: Emulator, child: ChildProcess): Promise<void> {
  let died: string | undefined;
  child.once('error', (error) => {
    died = error.message;
  });
  child.once('exit', (code, signal) => {
    died = `it ended with ${code ?? signal}`;
  });
  const deadline = Date.now() + startSecondsMax * 1000;
  while (Date.now() < deadline && died === undefined) {
    try {
      await fetch(endpoint);
      return;
    } catch {
      // Not listening yet: the deadline bounds how often this is tried.
      await setTimeout(100);
    }
  }
  const found = died ?? `no answer in ${startSecondsMax} s`;
  throw new Error(`Cannot start the witness "${name}": must answer at ${endpoint}: ${found}: ${output().slice(-2000)}`);
}

/**
 * Refuses a program that can be reached from another machine, or that is not who answers at its port.
 *
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
function refuseOtherThanLoopback(name: string, port: number, child: ChildProcess): void {
  const sockets = new Set(socketsOf(child));
  const listening = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state, , , , , , inode = '']) => state === '0A' && sockets.has(inode))
      .map(([, address = '']) => address),
  );
  const own = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  if (!listening.includes(own) || !listening.every((address) => /^(0100007F|0{24}01000000):/u.test(address))) {
    throw new Error(
      `Cannot run the witness "${name}": must listen on loopback only, at port ${port}: found ${listening.join(', ')} in /proc/net`,
    );
  }
}

function socketsOf({ pid }: ChildProcess): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((file) => {
    const inode = /^socket:\[(\d+)\]$/u.exec(linkOf(`/proc/${pid}/fd/${file}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

/** What a link says; nothing where it is gone: what was open may be closed by now. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return '';
    }
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return;
  }
  const gone = new Promise<void>((resolveGone) => {
    child.once('exit', () => resolveGone());
  });
  child.kill('SIGTERM');
  const impatience = new AbortController();
  await Promise.race([
    gone,
    setTimeout(stopSecondsMax * 1000, undefined, { signal: impatience.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    ),
  ]);
  impatience.abort();
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  await new Promise<void>((closed) => {
    server.close(() => closed());
  });
  if (address === null || typeof address === 'string') {
    throw new Error(`Cannot find a free port: must listen on TCP, but found ${address}`);
  }
  return address.port;
}
