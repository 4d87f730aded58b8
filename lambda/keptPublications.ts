import { publicationsMax } from './reconcile/limits.ts';
import type { Publication } from './reconcile/model.ts';

/**
 * The writes that a wake-up goes on asking about, each once, `publicationsMax` at most: the oldest, which are the first to have propagated, and
 * the newest, which cover all others. In a cluster that writes often the newest alone would always be too young to be asked about.
 */
export function keptPublications(publications: readonly Publication[]): readonly Publication[] {
  const byChange = new Map(publications.map((publication) => [publication.changeId, publication]));
  const sorted = [...byChange.values()].toSorted((one, other) => one.written - other.written);
  const half = publicationsMax / 2;
  return sorted.filter((_, index) => index < half || index >= sorted.length - half);
}
