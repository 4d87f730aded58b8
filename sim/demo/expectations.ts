import type { Deployment } from '../deployment/deployment.ts';
import type { World } from '../world.ts';
import { type Cast, chapters, hostsAll, hostsFirst } from './chapters.ts';
import type { Chronicle } from './chronicle.ts';
import { answeredWeights } from './clusterRecord.ts';
import { counted } from './counted.ts';
import { drainExpectation } from './drainExpectation.ts';
import { functionExpectations } from './functionExpectations.ts';
import { hostsIn } from './hostsIn.ts';
import { serialExpectation } from './serialExpectation.ts';
import { shortIds } from './shortId.ts';
import type { Subject } from './subject.ts';

/** Something that had to hold, and whether it did. */
export interface Expectation {
  readonly text: string;
  /** Nothing where the story ended before it could be told. */
  readonly held: boolean | undefined;
  /** What was found. */
  readonly figures: string;
}

/** All that is known when the story is over. */
export interface Evidence {
  readonly world: World;
  readonly deployment: Deployment;
  readonly subject: Subject;
  readonly chronicle: Chronicle;
  readonly cast: Cast;
  /** How many chapters came to their end. */
  readonly chaptersPlayed: number;
}

/** Half of full weight, which a tag of `50%` asks for. */
const halfWeight = 32_768;
/** Batches that six launches at once may take: the queue's window of a second gathers them, unless it ends between them. */
const scaleOutWritesMax = 2;
/** From a host's death to the accepted record without it: delivery of the event, the queue's window, one poll, and as much again. */
const crashSecondsMax = 4;

/** Holds the world's own log against what had to be. Nothing here asks the function. */
export function expectations(evidence: Evidence): readonly Expectation[] {
  return [
    storyExpectation(evidence),
    launchExpectation(evidence),
    servingExpectation(evidence),
    scaleOutExpectation(evidence),
    weightExpectation(evidence),
    drainExpectation(evidence),
    crashExpectation(evidence),
    quietExpectation(evidence),
    serialExpectation(evidence),
    finalExpectation(evidence),
    ...functionExpectations(evidence),
  ];
}

function storyExpectation({ chaptersPlayed }: Evidence): Expectation {
  const unfinished = chapters[chaptersPlayed]?.heading;
  return {
    text: 'Each chapter came to its end in time',
    held: unfinished === undefined,
    figures: unfinished === undefined ? `${chaptersPlayed} chapters` : `not "${unfinished}"`,
  };
}

/** RegisteredBeforeComplete (docs/how-it-works.md, "Properties"). */
function launchExpectation({ chronicle: { moments } }: Evidence): Expectation {
  const completed = moments.flatMap(({ text, answered, at }) => {
    const host = /^(i-[0-9a-f]+) of .*: srv-register (?:CONTINUE|ABANDON)/u.exec(text)?.[1];
    if (host === undefined) {
      return [];
    }
    const known = moments.find((moment) => (moment.answered.get(host) ?? 0) > 0)?.at ?? at;
    return [{ host, weight: answered.get(host) ?? 0, seconds: (at - known) / 1000 }];
  });
  const early = completed.filter(({ weight }) => weight === 0).map(({ host }) => shortIds(host));
  const latest = Math.max(0, ...completed.map(({ seconds }) => seconds));
  // One host more is launched in place of the one that crashed.
  const launched = hostsAll + 1;
  return {
    text: 'Each host was in DNS before its launch hook completed',
    held: early.length > 0 ? false : completed.length === launched || undefined,
    figures: `${completed.length - early.length} of ${launched} hosts, ${early.length === 0 ? `the hook at most ${Math.round(latest)} s later` : `not ${early.join(', ')}`}`,
  };
}

function servingExpectation({ chronicle: { moments } }: Evidence): Expectation {
  const lost = new Set(
    moments.flatMap(({ serving, answered }) => serving.filter((host) => (answered.get(host) ?? 0) === 0)),
  );
  const most = Math.max(0, ...moments.map(({ serving }) => serving.length));
  return {
    text: 'No host in service was ever missing from DNS',
    held: most < hostsFirst ? undefined : lost.size === 0,
    figures:
      lost.size === 0
        ? `looked at ${counted(moments.length, 'time')}, up to ${counted(most, 'host')} in service`
        : `missing: ${[...lost].map(shortIds).join(', ')}`,
  };
}

function scaleOutExpectation({ cast: { scaleOutWrites } }: Evidence): Expectation {
  return {
    text: `Six launches at once cost at most ${scaleOutWritesMax} record writes`,
    held: scaleOutWrites === undefined ? undefined : scaleOutWrites >= 1 && scaleOutWrites <= scaleOutWritesMax,
    figures: scaleOutWrites === undefined ? 'not played' : counted(scaleOutWrites, 'write'),
  };
}

function weightExpectation({ world, subject, cast: { weighted } }: Evidence): Expectation {
  const weight = weighted === undefined ? undefined : answeredWeights(world, subject).get(weighted);
  return {
    text: `The operator's 50% became weight ${halfWeight}, and stayed`,
    held: weighted === undefined ? undefined : weight === halfWeight,
    figures: weighted === undefined ? 'not played' : `${shortIds(weighted)} has ${weight ?? 'none'}`,
  };
}

function crashExpectation({ chronicle: { moments }, cast: { crashed } }: Evidence): Expectation {
  const died = moments.find(({ text }) => text === `${crashed}: shutting-down`);
  const later = moments.filter(({ at }) => died !== undefined && at >= died.at);
  const secondsUntil = (gone: (moment: (typeof moments)[number]) => boolean): number =>
    ((later.find(gone)?.at ?? Number.POSITIVE_INFINITY) - (died?.at ?? 0)) / 1000;
  const accepted = secondsUntil((moment) => !moment.accepted.has(crashed ?? ''));
  const answered = secondsUntil((moment) => !moment.answered.has(crashed ?? ''));
  return {
    text: `The crashed host was out of the record within ${crashSecondsMax} s`,
    held: died === undefined ? undefined : accepted <= crashSecondsMax && Number.isFinite(answered),
    figures:
      died === undefined ? 'not played' : `${accepted.toFixed(1)} s, and ${answered.toFixed(1)} s until DNS knew`,
  };
}

/** Quiescence (docs/how-it-works.md, "Properties"). */
function quietExpectation({ cast: { quietWrites } }: Evidence): Expectation {
  return {
    text: 'Sweeps over a record that is right write nothing',
    held: quietWrites === undefined ? undefined : quietWrites === 0,
    figures: quietWrites === undefined ? 'not played' : counted(quietWrites, 'write'),
  };
}

function finalExpectation({ world, subject }: Evidence): Expectation {
  const hosts = hostsIn(world, subject.group);
  const targets = answeredWeights(world, subject);
  return {
    text: 'In the end DNS holds the hosts in service, and no other',
    held: hosts.length > 0 && targets.size === hosts.length && hosts.every((host) => targets.has(host)),
    figures: `${counted(targets.size, 'target')}, ${counted(hosts.length, 'host')} in service`,
  };
}
