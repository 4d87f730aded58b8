import { compare } from './compare.ts';
import { skewSecondsMax, textStringCharactersMax } from './limits.ts';
import type { InstanceId, Instant } from './model.ts';

/**
 * The registry entry of a cluster: the TXT value that says the cluster is ours, and whose serial makes every write a compare-and-swap.
 * Instants in it are whole epoch seconds, rounded up, so that nothing is ever taken to be older than it is.
 */
export interface RegistryEntry {
  readonly owner: string;
  /** Rises with every accepted write: it closes the a→b→a case that comparing values alone leaves open. */
  readonly serial: number;
  readonly written: Instant;
  /** Instances that began to leave, since when they hold weight 0; of those no longer recorded: when they left. */
  readonly leaving: ReadonlyMap<InstanceId, Instant>;
  /** Instances whose launch hook waits, since when the record holds them: `written` alone moves with every later write. */
  readonly joining: ReadonlyMap<InstanceId, Instant>;
}

/** The TXT value of a registry entry: quoted strings of at most 255 characters, separated by a space (Route 53, Supported record types). */
export function encodeRegistry(entry: RegistryEntry): string {
  const strings = [
    'heritage=asg-srv',
    `owner=${entry.owner}`,
    `serial=${entry.serial}`,
    `written=${entry.written}`,
    ...encodeMemories('leaving', entry.leaving),
    ...encodeMemories('joining', entry.joining),
  ];
  return strings.map((text) => `"${text}"`).join(' ');
}

/**
 * Reads a TXT value. Undefined when it is no registry entry of this tool. A hand-edited number is replaced by one that the entry cannot have
 * had (`serial`) or by the earliest instant (`written`), and `damaged` says so: the next pass repairs it by a swap.
 */
export function decodeRegistry(
  value: string,
): { readonly entry: RegistryEntry; readonly damaged: boolean } | undefined {
  const strings = [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
  if (!strings.includes('heritage=asg-srv')) {
    return undefined;
  }
  const field = (key: string): string | undefined =>
    strings.find((text) => text.startsWith(`${key}=`))?.slice(key.length + 1);
  const serial = wholeNumber(field('serial'));
  const written = wholeNumber(field('written'));
  return {
    entry: {
      owner: field('owner') ?? '',
      serial: serial ?? 0,
      written: written ?? 0,
      leaving: decodeMemories('leaving', strings),
      joining: decodeMemories('joining', strings),
    },
    damaged: serial === undefined || written === undefined,
  };
}

/** An entry whose instants lie ahead of the clock holds hosts up for as long: such an instant counts as now, and the entry is to be repaired. */
export function withoutFuture(
  entry: RegistryEntry,
  now: Instant,
): { readonly entry: RegistryEntry; readonly damaged: boolean } {
  const latest = Math.ceil(now) + skewSecondsMax;
  const all = [entry.written, ...entry.leaving.values(), ...entry.joining.values()];
  if (all.every((instant) => instant <= latest)) {
    return { entry, damaged: false };
  }
  const clamped = (instant: Instant): Instant => (instant <= latest ? instant : Math.ceil(now));
  const memories = (of: ReadonlyMap<InstanceId, Instant>): ReadonlyMap<InstanceId, Instant> =>
    new Map([...of].map(([instanceId, since]) => [instanceId, clamped(since)]));
  const { leaving, joining, written } = entry;
  return {
    entry: { ...entry, written: clamped(written), leaving: memories(leaving), joining: memories(joining) },
    damaged: true,
  };
}

/** Do two entries say the same? A write whose answer was lost is recognised by this. */
export function sameRegistry(one: RegistryEntry, other: RegistryEntry): boolean {
  return encodeRegistry(one) === encodeRegistry(other);
}

function encodeMemories(key: string, memories: ReadonlyMap<InstanceId, Instant>): readonly string[] {
  const strings: string[] = [];
  let text = '';
  for (const [instanceId, since] of [...memories].toSorted(([one], [other]) => compare(one, other))) {
    const memory = `${instanceId}@${since}`;
    if (text !== '' && key.length + 2 + text.length + memory.length > textStringCharactersMax) {
      strings.push(`${key}=${text}`);
      text = '';
    }
    text = text === '' ? memory : `${text},${memory}`;
  }
  return text === '' ? strings : [...strings, `${key}=${text}`];
}

function decodeMemories(key: string, strings: readonly string[]): ReadonlyMap<InstanceId, Instant> {
  const memories = strings
    .filter((text) => text.startsWith(`${key}=`))
    .flatMap((text) => text.slice(key.length + 1).split(','))
    .map((memory) => /^(i-(?:[0-9a-f]{8}|[0-9a-f]{17}))@(\d{1,12})$/.exec(memory))
    .filter((match) => match !== null)
    .map((match): [InstanceId, Instant] => [match[1] ?? '', Number(match[2])]);
  return new Map(memories);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
