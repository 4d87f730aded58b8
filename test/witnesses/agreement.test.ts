import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences } from './differences.ts';
import { onlyAwsCouldShow } from './onlyAwsCouldShow.ts';
import { type Aws, startMiniStackAws, startMotoAws, startSim } from './probes/account.ts';
import { askProbe } from './probes/askProbe.ts';
import type { Answer } from './probes/probe.ts';
import { probes } from './probes/probes.ts';

/** What a witness is known to answer otherwise than AWS, by the probe's name. `sim/` never does. */
function knownDifferences(witness: string): ReadonlyMap<string, Answer> {
  return new Map((differences[witness] ?? []).flatMap(({ answers }) => Object.entries(answers)));
}

describe.each([
  { witness: 'sim', start: startSim },
  { witness: 'moto', start: startMotoAws },
  { witness: 'MiniStack', start: startMiniStackAws },
])('$witness answers as AWS does, or as the table of differences says', ({ witness, start }) => {
  const known = knownDifferences(witness);
  let aws: Aws | undefined;
  beforeAll(async () => {
    aws = await start();
  });
  afterAll(() => aws?.stop());

  test.each(probes.map((probe, index) => ({ probe, index, name: probe.name })))('$name', async ({ probe, index }) => {
    if (aws === undefined) {
      throw new Error(`Cannot ask "${witness}": it must be running`);
    }
    const answer = await askProbe(aws, probe, index);
    if (known.has(probe.name) && isDeepStrictEqual(answer, probe.answer)) {
      throw new Error(`Cannot list a difference of ${witness}: must differ from AWS: it agrees now, remove the row`);
    }
    expect(answer).toStrictEqual(known.has(probe.name) ? known.get(probe.name) : probe.answer);
  });
});

const names = probes.map(({ name }) => name);

test('every probe has a name of its own and the address of a page', () => {
  expect(new Set(names).size).toBe(probes.length);
  expect(probes.filter(({ page }) => !URL.canParse(page)).map(({ name }) => name)).toEqual([]);
});

test.each(Object.keys(differences))('every difference of %s is one of a probe, and listed once', (witness) => {
  const rows = (differences[witness] ?? []).flatMap(({ answers }) => Object.keys(answers));
  expect(rows.filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(rows).size).toBe(rows.length);
});

test('every probe is confirmed by a witness, but for those that only AWS could show', () => {
  const witnesses = Object.keys(differences).map(knownDifferences);
  const unconfirmed = names.filter((name) => witnesses.every((known) => known.has(name)));
  expect(unconfirmed.toSorted()).toEqual([...onlyAwsCouldShow].toSorted());
});

test('docs/testing.md gives figures and versions as they are', () => {
  const page = readFileSync('docs/testing.md', 'utf8').replaceAll(/\s+/gu, ' ');
  const pinned = readFileSync('test/witnesses/requirements.in', 'utf8').matchAll(/^([a-z-]+)(?:\[\w+\])?==(.+)$/gmu);
  const said = [
    `${probes.length} questions`,
    ...Object.keys(differences).map((witness) => `${knownDifferences(witness).size} rows`),
    `${probes.length - onlyAwsCouldShow.length} answers are confirmed`,
    `The ${onlyAwsCouldShow.length} that none confirms`,
    ...[...pinned].filter(([, name]) => name !== 'setuptools').map(([, name, version]) => `${name} ${version}`),
  ];
  expect(said.filter((text) => !page.toLowerCase().includes(text.toLowerCase()))).toEqual([]);
});
