import { writeFileSync } from 'node:fs';
import type { Progress } from './progress.ts';
import { runSoak } from './runSoak.ts';
import { runText, shrunkText } from './runText.ts';
import type { Simulator } from './simulator.ts';
import { readSoakArguments, type SoakArguments, soakUsage } from './soakArguments.ts';
import { held, type SoakOutcome } from './soakOutcome.ts';
import { soakReport } from './soakReport.ts';
import type { Finding } from './tally.ts';

/** What the command runs, where it prints, and what it may know of the machine it runs on. */
export interface SoakSite {
  readonly simulator: Simulator;
  /** Module of a thread that runs the same simulator. */
  readonly workerModule: URL;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly progress: (total: number) => Progress;
  readonly cores: number;
  readonly commit: string;
  readonly nodeVersion: string;
  readonly now: () => Date;
  /** Ends the soak early. */
  readonly signal: AbortSignal;
}

/** Shrinking may take as long as a thousand seeds, and one example of a property is enough to begin with. */
const shrunkMax = 3;

/** Does what the arguments ask for; returns the exit code. */
export async function soakCommand(argv: readonly string[], site: SoakSite): Promise<0 | 1 | 2> {
  let asked: SoakArguments;
  try {
    asked = readSoakArguments(argv, site.cores);
    if (asked.kind === 'soak') {
      // Whether it can be written is found out now, and not after hours.
      writeReport(asked.report, 'The soak is under way.\n');
    }
  } catch (error) {
    site.writeError(`${messageOf(error)}\n\n${soakUsage}\n`);
    return 2;
  }
  return (await (asked.kind === 'soak' ? soak(asked, site) : replay(asked.seed, site))) ? 0 : 1;
}

async function soak(asked: SoakArguments & { readonly kind: 'soak' }, site: SoakSite): Promise<boolean> {
  const { from, seeds, workers, report } = asked;
  const startedAt = site.now();
  const secondsSince = (): number => (site.now().getTime() - startedAt.getTime()) / 1000;
  const progress = site.progress(seeds);
  const tally = await runSoak({
    from,
    seeds,
    workers,
    workerModule: site.workerModule,
    onProgress: (known) => progress.advance(known.seeds, known.findings.length, secondsSince()),
    signal: site.signal,
  });
  progress.stop();
  const realSeconds = secondsSince();
  const outcome: SoakOutcome = {
    from,
    seeds,
    tally,
    startedAt: startedAt.toISOString(),
    realSeconds,
    commit: site.commit,
    nodeVersion: site.nodeVersion,
    cores: site.cores,
    workers,
    details: await shrunkTexts(tally.findings, site),
  };
  const text = soakReport(outcome);
  site.write(text);
  writeReport(report, text);
  return held(outcome);
}

/** The first seeds that failed, each with a property of its own. */
async function shrunkTexts(findings: readonly Finding[], site: SoakSite): Promise<readonly string[]> {
  const broken = findings.filter(({ property }) => property !== undefined);
  const examples = [...Map.groupBy(broken, ({ property }) => property).values()].flatMap(([first]) => first ?? []);
  const texts: string[] = [];
  for (const { seed } of examples.slice(0, shrunkMax)) {
    site.writeError(`Shrinking seed ${seed}\n`);
    texts.push(await shrunkOf(seed, site));
  }
  return texts;
}

async function replay(seed: number, site: SoakSite): Promise<boolean> {
  const run = await site.simulator.run(seed);
  site.write(`${runText(seed, run)}\n`);
  if (run.verdict.violation === undefined) {
    return true;
  }
  site.writeError(`Shrinking seed ${seed}\n`);
  site.write(`\n${await shrunkOf(seed, site)}\n`);
  return false;
}

/** A seed that cannot be shrunk is told of like one that can: the report of all seeds must not be lost over it. */
async function shrunkOf(seed: number, { simulator }: SoakSite): Promise<string> {
  try {
    return shrunkText(seed, await simulator.shrink(seed));
  } catch (error) {
    return `## Seed ${seed}\n\nCannot shrink seed ${seed}: ${messageOf(error)}`;
  }
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new Error(`Cannot write the report: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
