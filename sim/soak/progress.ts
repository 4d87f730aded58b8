import { SingleBar } from 'cli-progress';
import { numberText } from './numberText.ts';
import { pace } from './pace.ts';

/** Shows how far a soak is. */
export interface Progress {
  /** So many seeds are done, with so many findings, after so many seconds. */
  readonly advance: (done: number, findings: number, seconds: number) => void;
  readonly stop: () => void;
}

/** A bar, for a terminal. */
export function progressBar(total: number, stream: NodeJS.WritableStream): Progress {
  const bar = new SingleBar({
    stream,
    format: '[{bar}] {percentage}% of {total} seeds, {rate}, {left}, {findings} failed',
    // All of the line fits 80 columns.
    barsize: 12,
    // An interrupt ends the soak, which then stops the bar.
    gracefulExit: false,
    // Switched off, it would stay so where the process is killed.
    linewrap: true,
  });
  bar.start(total, 0, { ...pace(0, total, 0), findings: 0 });
  return {
    advance: (done, findings, seconds) => bar.update(done, { ...pace(done, total, seconds), findings }),
    stop: () => bar.stop(),
  };
}

/** A line for each tenth of the seeds, where nobody sees a bar. */
export function progressLines(total: number, write: (text: string) => void): Progress {
  let tenthsShown = 0;
  return {
    advance: (done, findings, seconds) => {
      const tenths = Math.floor((done * 10) / total);
      if (tenths > tenthsShown) {
        tenthsShown = tenths;
        const { rate, left } = pace(done, total, seconds);
        write(`${numberText(done)} of ${numberText(total)} seeds, ${rate}, ${left}, ${numberText(findings)} failed\n`);
      }
    },
    stop: () => undefined,
  };
}
