import type { Seconds } from './account.ts';
import type { Sighting } from './sighting.ts';

/** What a host must have gone through before its termination goes on. */
interface WatchOptions {
  /** TTL + drain: how long a leaving host is at weight 0 at the least. Propagation comes on top, and cannot be seen here. */
  readonly drainSecondsLeast: Seconds;
}

/**
 * Judges what is seen of a site, look after look, by three properties of the design: RegisteredBeforeComplete, as far as the record goes (not its
 * propagation), DrainBeforeComplete and NoResurrection. It errs towards silence: each duration is taken from the look before its beginning to the
 * look after its end, so what it reports has happened.
 */
export class Watch {
  /** A sentence for each thing seen that must never be. */
  readonly violations: string[] = [];

  readonly #drainSecondsLeast: Seconds;
  /** Hosts that have been seen in the record. */
  readonly #registered = new Set<string>();
  /** When leaving hosts were last seen before they were at weight 0. */
  readonly #drainingSince = new Map<string, Seconds>();
  readonly #left = new Set<string>();
  readonly #crashed = new Set<string>();
  #last: Sighting | undefined;

  constructor({ drainSecondsLeast }: WatchOptions) {
    this.#drainSecondsLeast = drainSecondsLeast;
  }

  /** A host whose drain nobody waits for. */
  expectCrash(instanceId: string): void {
    this.#crashed.add(instanceId);
  }

  judge(sighting: Sighting): void {
    const { at, weights, afterwards } = sighting;
    const last = this.#last ?? sighting;
    this.#last = sighting;
    const members = new Map([...sighting.blue, ...sighting.green]);
    for (const [id, state] of members) {
      const inService = state === 'InService' && afterwards.get(id) === 'InService';
      if (inService && !weights.has(id) && !this.#crashed.has(id)) {
        this.violations.push(`RegisteredBeforeComplete: ${id} is in service and not in the record`);
      }
      if (state.startsWith('Terminating') && weights.get(id) === 0 && !this.#drainingSince.has(id)) {
        this.#drainingSince.set(id, last.at);
      }
    }
    for (const id of weights.keys()) {
      this.#registered.add(id);
    }
    for (const id of this.#registered) {
      if (!this.#crashed.has(id)) {
        const waits = members.has(id) || afterwards.has(id);
        const proceeds = members.get(id) === 'Terminating:Proceed';
        this.#judgeLeaving(id, at, weights.get(id), waits && !proceeds);
      }
    }
  }

  #judgeLeaving(id: string, at: Seconds, weight: number | undefined, waits: boolean): void {
    const since = this.#drainingSince.get(id);
    if ((since !== undefined && (weight ?? 0) > 0) || (this.#left.has(id) && weight !== undefined)) {
      this.violations.push(`NoResurrection: ${id} began to leave and has weight ${weight}`);
    }
    if (this.#left.has(id) || (weight !== undefined && waits)) {
      return;
    }
    this.#left.add(id);
    if (weight !== undefined) {
      this.violations.push(`DrainBeforeComplete: ${id} was let go on while the record held it at weight ${weight}`);
    }
    const seconds = since === undefined ? 0 : at - since;
    if (seconds < this.#drainSecondsLeast) {
      const found = `was at weight 0 for ${seconds.toFixed(1)} s at most`;
      this.violations.push(`DrainBeforeComplete: ${id} ${found}, and ${this.#drainSecondsLeast} s is the least`);
    }
  }
}
