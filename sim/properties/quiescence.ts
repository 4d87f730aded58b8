import { waitingMembers } from './rest.ts';
import type { Story } from './story.ts';

/** Where the world stood when quiet began. */
export interface QuietBegin {
  readonly moves: number;
  readonly writes: number;
  readonly happenings: number;
}

export function quietBegins({ moves, world }: Story): QuietBegin {
  return { moves, writes: world.route53.writes.length, happenings: world.happenings.length };
}

/**
 * Quiescence: a second pass over the same world writes nothing, and the order and duplicates of events do not matter. So over a world at rest
 * sweeps, and old events once more in another order, write no record and no tag, and end or prolong no hook. Not looked at where the world
 * did not keep quiet by itself: a hook that only an operator's repair or its timeout can end.
 */
export function whyNotQuiet({ moves, writes, happenings }: QuietBegin, story: Story): string | undefined {
  const { world } = story;
  if (story.moves > moves || waitingMembers(story) > 0) {
    return undefined;
  }
  story.look('Quiescence');
  const written = world.route53.writes.length - writes;
  const acts = world.happenings.slice(happenings).map(({ text }) => text);
  const done = acts.filter((text) => /tags|heartbeat|srv-(drain|register)/.test(text));
  return written === 0 && done.length === 0
    ? undefined
    : `nothing happened, all was right, and yet ${[`${written} batches were written`, ...done].join('; ')}`;
}
