import { durationText } from './durationText.ts';
import { markdownTable } from './markdownTable.ts';
import { numberText } from './numberText.ts';
import { oneLine } from './oneLine.ts';
import { findingsMax } from './runSoak.ts';
import { coverageSeedsMin, shortfalls } from './shortfalls.ts';
import { held, type SoakOutcome } from './soakOutcome.ts';
import type { Finding, Tally } from './tally.ts';

/** The report of a soak, as Markdown that also reads well as plain text. */
export function soakReport(outcome: SoakOutcome): string {
  const { from, seeds, tally, realSeconds, cores, workers } = outcome;
  const speed = realSeconds > 0 ? tally.seeds / realSeconds : 0;
  const facts = [
    `Seeds: ${from} to ${from + seeds - 1}, ${numberText(tally.seeds)} of ${numberText(seeds)} run`,
    `Begun: ${outcome.startedAt}, took ${durationText(realSeconds)}, ${numberText(speed)} seeds per second`,
    `Commit: ${outcome.commit}`,
    `Machine: ${numberText(cores)} cores, ${numberText(workers)} threads, Node.js ${outcome.nodeVersion}`,
    `In the worlds: ${numberText(tally.passes)} passes, ${numberText(tally.writes)} writes, ${numberText(tally.seconds / 3600)} hours`,
  ];
  return `${[
    '# Soak report',
    ...conclusion(outcome),
    facts.map((fact) => `- ${fact}`).join('\n'),
    '## Properties',
    propertyTable(tally),
    '## Fault classes',
    faultTable(tally),
    ...(tally.findings.length === 0 ? [] : ['## What did not hold', findingList(tally.findings)]),
    ...outcome.details,
  ].join('\n\n')}\n`;
}

function conclusion(outcome: SoakOutcome): readonly string[] {
  const { seeds, tally } = outcome;
  const missed = shortfalls(tally).map((sentence) => `${sentence} in ${numberText(tally.seeds)} seeds`);
  const enough = tally.seeds >= coverageSeedsMin;
  return [
    held(outcome) ? `**Held**: ${numberText(tally.seeds)} seeds broke no property.` : '**Did not hold.**',
    ...(tally.findings.length === 0
      ? []
      : [`Seeds that did not hold, see below: ${numberText(tally.findings.length)}`]),
    ...(tally.seeds === seeds
      ? []
      : [`Seeds that were not run, as it ended early: ${numberText(seeds - tally.seeds)}`]),
    ...(missed.length === 0 ? [] : [missed.map((sentence) => `- ${sentence}`).join('\n')]),
    ...(missed.length === 0 || enough
      ? []
      : [`Only from ${numberText(coverageSeedsMin)} seeds on does this fail a soak.`]),
  ];
}

function propertyTable({ checks, findings }: Tally): string {
  const broken = Map.groupBy(findings, ({ property }) => property);
  return markdownTable(
    ['Property', 'Checks', 'Seeds', 'Violations'],
    [...checks].map(([name, { times, seeds }]) => [
      name,
      numberText(times),
      numberText(seeds),
      numberText(broken.get(name)?.length ?? 0),
    ]),
  );
}

function faultTable({ faults }: Tally): string {
  return markdownTable(
    ['Fault class', 'Times', 'Seeds'],
    [...faults].map(([name, { times, seeds }]) => [name, numberText(times), numberText(seeds)]),
  );
}

function findingList(findings: readonly Finding[]): string {
  const more = findings.length - findingsMax;
  const shown = findings.slice(0, findingsMax).map(findingText);
  return [...shown, ...(more > 0 ? [`- and ${numberText(more)} more`] : [])].join('\n');
}

function findingText({ seed, property, text }: Finding): string {
  return `- \`npm run soak -- --seed ${seed}\`: ${property ?? 'the run did not end'}: ${oneLine(text)}`;
}
