import { availableParallelism } from 'node:os';
import { commitText } from './commitText.ts';
import { progressBar, progressLines } from './progress.ts';
import { simulator } from './simulator.ts';
import { soakCommand } from './soakCommand.ts';

const { stdout, stderr } = process;
const live = stderr.isTTY && (process.env['CI'] ?? '') === '';

// The first interrupt ends the soak with its report, a second one at once.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

// A reader that has seen enough, such as `head`, does not end the soak: its exit code still says how it went.
stdout.on('error', () => undefined);

process.exitCode = await soakCommand(process.argv.slice(2), {
  simulator,
  workerModule: new URL('./soakWorker.ts', import.meta.url),
  write: (text) => void stdout.write(text),
  writeError: (text) => void stderr.write(text),
  progress: (total) => (live ? progressBar(total, stderr) : progressLines(total, (text) => void stderr.write(text))),
  cores: availableParallelism(),
  commit: commitText(),
  nodeVersion: process.version,
  now: () => new Date(),
  signal: interruption.signal,
});
