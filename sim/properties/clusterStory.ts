import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { srvWeights } from '../route53/srvWeights.ts';
import type { Write } from '../route53.ts';
import type { Milliseconds } from '../world.ts';
import { oldestShown } from './excuse.ts';

/** What the record has said of one host. */
interface Held {
  /** Of its target; undefined while there is none. */
  readonly weight: number | undefined;
  /** When every name server first answered with its target, in its present time in the record. */
  readonly knownAt: Milliseconds | undefined;
  /** When the write that took its last positive weight had propagated, and for how long resolvers kept the old answer. */
  readonly lowered: { readonly inSyncAt: Milliseconds; readonly ttlSeconds: number } | undefined;
}

const neverHeld: Held = { weight: undefined, knownAt: undefined, lowered: undefined };

/** The records of one cluster as accepted batches made them, and whose they are. Reads them by itself, without the code under test. */
export class ClusterStory {
  readonly name: string;
  readonly #zone: string;
  readonly #owner: string;
  readonly #sets = new Map<string, ResourceRecordSet>();
  readonly #held = new Map<string, Held>();
  readonly #histories = new Map<string, (number | 'gone')[]>();
  readonly #heldSinceWrite = new Map<string, number>();
  readonly #heldSince = new Map<string, Milliseconds>();
  readonly #letGo = new Map<string, Milliseconds>();
  #ownTtl = 0;
  weights: ReadonlyMap<string, number> = new Map();
  /** Number of the last batch of ours, counted over all batches. */
  lastOwnWrite = 0;
  /** Somebody edited the registry entry since our last write. */
  edited = false;

  constructor(name: string, zone: string, owner: string) {
    this.name = name;
    this.#zone = zone;
    this.#owner = owner;
  }

  get sets(): readonly ResourceRecordSet[] {
    return [...this.#sets.values()];
  }

  /** Of the registry entry; undefined while there is none that can be read. */
  get serial(): number | undefined {
    const digits = this.#entries().map((text) => /"serial=(\d+)"/.exec(text)?.[1]);
    return digits[0] === undefined ? undefined : Number(digits[0]);
  }

  get ttl(): number {
    return this.#of('SRV')[0]?.TTL ?? 0;
  }

  /** The target of a host, with its fields. */
  target(
    instanceId: string,
  ): { readonly priority: number; readonly weight: number; readonly port: number } | undefined {
    const found = this.#values('SRV').find((value) => value.split(' ')[3]?.startsWith(`${instanceId}.`) === true);
    const [priority, weight, port] = (found ?? '').split(' ').map(Number);
    return priority === undefined || weight === undefined || port === undefined
      ? undefined
      : { priority, weight, port };
  }

  /** Do records of this name stand there that do not carry our registry entry? */
  get isForeign(): boolean {
    return this.#entries().length === 0 && this.sets.length > 0;
  }

  held(instanceId: string): Held {
    return this.#held.get(instanceId) ?? neverHeld;
  }

  /** What the record has said of each host, one after the other, as one text for each; sorted, since identifiers say nothing. */
  get histories(): readonly string[] {
    return [...this.#histories.values()].map((weights) => weights.join(' → ')).toSorted();
  }

  /** When a write of ours last took a host's weight, or the host. */
  letGoAt(instanceId: string): Milliseconds | undefined {
    return this.#letGo.get(instanceId);
  }

  /** Number of the batch that brought a host into the record, counted over all batches; undefined while it is not there. */
  heldSinceWrite(instanceId: string): number | undefined {
    return this.weights.has(instanceId) ? this.#heldSinceWrite.get(instanceId) : undefined;
  }

  /** Had the record held a host, when that instant came, for so long that no registration of it can have been under way? */
  heldBefore(instanceId: string, instant: Milliseconds): boolean {
    const since = this.#heldSince.get(instanceId);
    return since !== undefined && since < oldestShown(instant);
  }

  /** Addresses that the record publishes, by host label. */
  addresses(): readonly { readonly instanceId: string; readonly address: string }[] {
    return [...this.#of('A'), ...this.#of('AAAA')].flatMap(({ Name = '', ResourceRecords = [] }) =>
      ResourceRecords.map(({ Value = '' }) => ({ instanceId: Name.split('.')[0] ?? '', address: Value })),
    );
  }

  /** Follows an accepted batch, of ours or of a hand; batches are numbered from 1. */
  apply({ at, inSyncAt }: Write, number: number, changes: readonly Change[], isOwn: boolean): void {
    const ttlSeconds = this.ttl;
    for (const { Action, ResourceRecordSet: set } of changes) {
      const key = `${set?.Name} ${set?.Type}`;
      if (set === undefined || Action === 'DELETE') {
        this.#sets.delete(key);
      } else {
        this.#sets.set(key, set);
      }
    }
    // A TTL that a hand wrote outlasts what the groups ask for: that is the hand's affair.
    const ownTtl = isOwn ? Math.min(ttlSeconds, this.#ownTtl) : 0;
    this.#ownTtl = isOwn && this.ttl > 0 ? this.ttl : this.#ownTtl;
    if (!isOwn && this.#entries().length === 0) {
      // With the registry entry a hand deletes its memory.
      this.#letGo.clear();
    }
    const before = this.weights;
    this.weights = srvWeights(this.#values('SRV'));
    for (const instanceId of new Set([...before.keys(), ...this.weights.keys()])) {
      const held = this.held(instanceId);
      const weight = this.weights.get(instanceId);
      const wasPositive = (before.get(instanceId) ?? 0) > 0;
      const isPositive = (weight ?? 0) > 0;
      // A hand's deletion says nothing of what we did: the host had been known, and how it was let go nobody can tell any more.
      const isDeletedByHand = weight === undefined && !isOwn;
      const loweredBefore = wasPositive ? { inSyncAt, ttlSeconds: ownTtl } : held.lowered;
      const loweredNow = isPositive || isDeletedByHand ? undefined : loweredBefore;
      const knownBefore = weight === undefined && isOwn ? undefined : held.knownAt;
      if (weight !== before.get(instanceId)) {
        this.#histories.set(instanceId, [...(this.#histories.get(instanceId) ?? []), weight ?? 'gone']);
      }
      if (weight !== undefined && !before.has(instanceId)) {
        this.#heldSince.set(instanceId, at);
        this.#heldSinceWrite.set(instanceId, number);
      }
      if (isDeletedByHand) {
        this.#letGo.delete(instanceId);
      }
      if (isOwn && (before.get(instanceId) ?? -1) > (weight ?? -1)) {
        this.#letGo.set(instanceId, at);
      }
      this.#held.set(instanceId, {
        weight,
        knownAt: weight === undefined ? knownBefore : (knownBefore ?? inSyncAt),
        lowered: loweredNow,
      });
    }
  }

  #of(type: string): readonly ResourceRecordSet[] {
    return this.sets.filter((set) => set.Type === type);
  }

  /** Values of the sets of a type, of one name or of any. */
  #values(type: string, name?: string): readonly string[] {
    return this.#of(type)
      .filter(({ Name }) => name === undefined || Name === name)
      .flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value));
  }

  #entries(): readonly string[] {
    const own = `${this.name}.${this.#zone}.`;
    return this.#values('TXT', own).filter(
      (text) => text.includes('"heritage=asg-srv"') && text.includes(`"owner=${this.#owner}"`),
    );
  }
}
