import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { OnStep } from './play.ts';
import { runDemo } from './runDemo.ts';

/** On a terminal each step of the world's clock takes so long, for people to follow: the demo then lasts some 20 s. */
const stepMilliseconds = 9;
const clearLine = '\r\u001b[K';

const { stdout } = process;
const live = stdout.isTTY && (process.env['CI'] ?? '') === '';

/** Shows the clock where the next line will stand. */
const onStep: OnStep = async (clock) => {
  stdout.write(`${clearLine}${styleText('dim', clock)}`);
  await setTimeout(stepMilliseconds);
};

// A reader that has seen enough, such as `head`, does not end the demo: its exit code still says how it went.
stdout.on('error', () => undefined);

try {
  const held = await runDemo({
    assemblyPath: join(import.meta.dirname, '..', '..', 'cdk.out'),
    write: (text) => void stdout.write(live ? `${clearLine}${text}` : text),
    // Leaves the text as it is where stdout is no terminal, or NO_COLOR is set.
    paint: (look, text) => styleText(look, text, { stream: stdout }),
    realSeconds: () => performance.now() / 1000,
    ...(live ? { onStep } : {}),
  });
  process.exitCode = held ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
