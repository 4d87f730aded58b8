import type { Moment } from './chronicle.ts';
import type { Evidence, Expectation } from './expectations.ts';
import { shortIds } from './shortId.ts';

/** Hosts that the story drains. */
const drainedHosts = 2;

/** DrainBeforeComplete (docs/how-it-works.md, "Properties"): the steps of each drain in their order, from what the world noted as it went. */
export function drainExpectation(evidence: Evidence): Expectation {
  const { world, subject, cast } = evidence;
  const ttlSeconds = world.route53.answer(subject.recordName, 'SRV')?.ttl ?? 0;
  const drains = (cast.drained ?? []).map((host) => readDrain(evidence, host, ttlSeconds + subject.drainSeconds));
  return {
    text: `Each drain: weight 0 in DNS, ${ttlSeconds} s TTL + ${subject.drainSeconds} s, out of the record, hook completed, then shut down`,
    held: drains.length === 0 ? undefined : drains.length === drainedHosts && drains.every(({ held }) => held),
    figures: drains.length === 0 ? 'not played' : drains.map(({ figures }) => figures).join('; '),
  };
}

interface Drain {
  readonly held: boolean;
  readonly figures: string;
}

function readDrain({ chronicle: { moments } }: Evidence, host: string, secondsMin: number): Drain {
  // Each step is looked for from the one before on: one that came too early is not found any more.
  const find = (from: number, holds: (moment: Moment) => boolean): number =>
    moments.findIndex((moment, index) => index >= from && holds(moment));
  const waits = find(0, ({ text }) => text.startsWith(`${host} of `) && text.endsWith('→ Terminating:Wait'));
  const zero = find(waits, ({ answered }) => answered.get(host) === 0);
  const removed = find(zero, ({ accepted }) => !accepted.has(host));
  const completed = find(
    removed,
    ({ text }) => text.startsWith(`${host} of `) && text.endsWith(': srv-drain CONTINUE'),
  );
  const ended = find(completed, ({ text }) => text === `${host}: shutting-down`);
  const complete = [waits, zero, removed, completed, ended].every((step) => step >= 0);
  const secondsBetween = (from: number, to: number): number =>
    ((moments[to]?.at ?? 0) - (moments[from]?.at ?? 0)) / 1000;
  const seconds = secondsBetween(zero, removed);
  return {
    held: complete && seconds >= secondsMin,
    figures: complete
      ? `${shortIds(host)}: weight 0 known in ${Math.round(secondsBetween(waits, zero))} s, out ${Math.round(seconds)} s later`
      : `${shortIds(host)}: a step is missing, or out of order`,
  };
}
