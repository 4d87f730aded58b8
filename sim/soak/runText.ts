import type { Verdict } from '../scenario/verdict.ts';
import { durationText } from './durationText.ts';
import { numberText } from './numberText.ts';
import type { Run } from './simulator.ts';
import { testCase } from './testCase.ts';

/** A shrunk scenario of a failing seed, as Markdown: what it breaks, its test case to paste, and its timeline. */
export function shrunkText(seed: number, { scenario, verdict }: Run): string {
  const { violation } = verdict;
  if (violation === undefined) {
    return `## Seed ${seed}\n\nSeed ${seed} failed, but what it was shrunk to does not: the simulator is not deterministic, or shrinking changes what it runs.`;
  }
  return `## Seed ${seed}, shrunk: ${violation.property}

${fenced('ts', testCase(seed, scenario, violation))}

${fenced('text', verdict.timeline().join('\n'))}`;
}

/** The run of one seed, as Markdown: its scenario, its timeline, and its verdict last, where a terminal shows it. */
export function runText(seed: number, { scenario, verdict }: Run): string {
  return `## Seed ${seed}

${fenced('json', JSON.stringify(scenario, undefined, 2))}

${fenced('text', verdict.timeline().join('\n'))}

${verdictText(verdict)}`;
}

function verdictText({ violation, faults, checks, passes, writes, seconds }: Verdict): string {
  return [
    violation === undefined ? 'Every property held' : `${violation.property} did not hold: ${violation.text}`,
    `Checks: ${countsText(checks)}`,
    `Faults: ${countsText(faults)}`,
    `${numberText(passes)} passes, ${numberText(writes)} writes, ${durationText(seconds)} in the world`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const seen = Object.entries(counts).filter(([, times]) => times > 0);
  return seen.length === 0 ? 'none' : seen.map(([name, times]) => `${name} ${numberText(times)}`).join(', ');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
