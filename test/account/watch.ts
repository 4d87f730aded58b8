import type { Account, Seconds, Site } from './account.ts';
import { type Sighting, sight } from './sighting.ts';

/**
 * Looks at a site again and again, and notes each sighting that breaks a property of the design: RegisteredBeforeComplete, DrainBeforeComplete,
 * NoResurrection. What happens between two looks is not seen, so durations are judged with the time between them to spare.
 */
export class Watch {
  /** A sentence for each thing seen that must never be. */
  readonly violations: string[] = [];

  readonly #account: Account;
  readonly #site: Site;
  /** Hosts that were seen to leave, since when they have been seen at weight 0. */
  readonly #drainingSince = new Map<string, Seconds>();
  readonly #gone = new Set<string>();
  readonly #crashed = new Set<string>();
  #last: Sighting | undefined;

  constructor(account: Account, site: Site) {
    this.#account = account;
    this.#site = site;
  }

  /** A host whose drain nobody waits for. */
  expectCrash(instanceId: string): void {
    this.#crashed.add(instanceId);
  }

  async look(): Promise<Sighting> {
    const sighting = await sight(this.#account, this.#site);
    if (!this.#account.lacks.has('instances that wait in lifecycle hooks')) {
      this.#judge(sighting, this.#last ?? sighting);
    }
    this.#last = sighting;
    return sighting;
  }

  #judge(sighting: Sighting, last: Sighting): void {
    const { at, weights, inService } = sighting;
    for (const id of inService) {
      if (!weights.has(id) && !this.#crashed.has(id)) {
        this.violations.push(`RegisteredBeforeComplete: ${id} is in service and not in the record`);
      }
    }
    for (const [id, state] of [...sighting.blue, ...sighting.green]) {
      if (state.startsWith('Terminating') && weights.get(id) === 0 && !this.#drainingSince.has(id)) {
        this.#drainingSince.set(id, at);
      }
    }
    for (const [id, since] of this.#drainingSince) {
      const weight = weights.get(id);
      if (weight !== undefined && (weight > 0 || this.#gone.has(id))) {
        this.violations.push(`NoResurrection: ${id} began to leave and has weight ${weight}`);
      }
      if (weight === undefined && !this.#gone.has(id)) {
        this.#gone.add(id);
        this.#judgeDrain(id, at - since, at - last.at);
      }
    }
  }

  #judgeDrain(id: string, drainedSeconds: number, betweenLooksSeconds: number): void {
    const leastSeconds = this.#site.ttlSeconds + this.#site.drainSeconds;
    if (!this.#crashed.has(id) && drainedSeconds + 2 * betweenLooksSeconds < leastSeconds) {
      const found = `was at weight 0 for ${drainedSeconds.toFixed(1)} s`;
      this.violations.push(`DrainBeforeComplete: ${id} ${found}, and ${leastSeconds} s is the least`);
    }
  }
}
