import type { DescribedGroup } from '../autoScaling/groupView.ts';
import type { PortCallName } from '../ports/gate.ts';
import type { Write } from '../route53.ts';
import type { FaultClass } from '../scenario/faultClass.ts';
import type { FunctionRun } from '../scenario/functionRun.ts';
import type { Violation } from '../scenario/verdict.ts';
import type { Milliseconds, World } from '../world.ts';
import { ClusterStory } from './clusterStory.ts';
import { HostStory } from './hostStory.ts';
import type { PropertyName } from './propertyName.ts';
import { tagOf } from './tagOf.ts';

/** Instants are remembered in whole seconds, rounded up. */
const roundingSeconds = 1;

/** Names of what the story is about. */
export interface StoryProps {
  readonly world: World;
  /** Lower case, without a trailing dot. */
  readonly zone: string;
  /** The deployment id that our registry entries carry. */
  readonly owner: string;
  /** Properties that count; all where none are given. */
  readonly only: ReadonlySet<PropertyName> | undefined;
}

/** What one run of the function has read, and what of that was spoilt. */
export interface RunStory {
  readonly run: FunctionRun;
  /** How many batches Route 53 had accepted when the run last called each port. */
  readonly readAfter: Map<PortCallName, number>;
  /** Reads that failed since the run last began to observe: the cluster or group, or empty where the whole read failed. */
  readonly failedReads: { readonly name: PortCallName; readonly subject: string }[];
  /** Clusters whose records it listed; empty text for the whole zone. */
  readonly listed: Set<string>;
  /** Clusters whose record it wrote, with the number of the batch. */
  readonly wrote: Map<string, number>;
  /** Clusters for which it sent itself a message after it wrote their record. */
  readonly woken: Set<string>;
  /** How often each instance's tags had changed when it last wrote some. */
  readonly tagged: Map<string, number>;
  /** Faults that it met. */
  readonly spoilt: Set<FaultClass>;
  calls: number;
}

/**
 * What truly happened in a run of a scenario: instances, records, hands, and which run of the function did what. The properties look at it and
 * at nothing else; of the code under test it takes no word, but for which messages it sends back.
 */
export class Story {
  readonly world: World;
  readonly zone: string;
  readonly owner: string;
  readonly hosts = new Map<string, HostStory>();
  readonly clusters = new Map<string, ClusterStory>();
  readonly runs = new Map<FunctionRun, RunStory>();
  readonly checks: Record<PropertyName, number>;
  /** The run that acts now; nobody where the world moves by itself, or a hand does. */
  acting: FunctionRun | undefined;
  /** The function's clock has been wrong by up to so much, from its earliest to its latest. */
  skewSeconds = 0;
  /** Clusters whose records somebody else owns. */
  readonly foreignClusters = new Set<string>();
  /** Groups whose hooks nobody can answer for: of a foreign cluster or none, of one that was refused, or of one with a full record. */
  readonly unmanageable = new Set<string>();
  /** Groups with a tag that cannot be read, until an operator mends it. */
  readonly unreadableGroups = new Set<string>();
  /** Groups whose tags a hand has changed. */
  readonly editedGroups = new Set<string>();
  /** Timeout of each group's hooks, in seconds. */
  readonly hookSeconds = new Map<string, number>();
  /** Every sweep that ended, and whether it met no fault. */
  readonly sweeps: { readonly at: Milliseconds; readonly isClean: boolean }[] = [];
  /** The shortest drain that each group has asked for, in seconds. */
  readonly drainSeconds = new Map<string, number>();
  /** Groups that have, or had, a warm pool. */
  readonly pooled = new Set<string>();
  /** Counts what instances and members did, by themselves or because somebody made them. */
  moves = 0;
  /** When the last of that was. */
  movedAt: Milliseconds = 0;
  /** Dead letters that were sent again. */
  redriven = 0;
  violation: Violation | undefined;
  readonly #only: ReadonlySet<PropertyName> | undefined;

  constructor({ world, zone, owner, only }: StoryProps) {
    this.#only = only;
    this.world = world;
    this.zone = zone;
    this.owner = owner;
    this.checks = { ...zeros };
  }

  /** Says that a property was looked at, where it could have been broken. */
  look(property: PropertyName): void {
    this.checks[property] += 1;
  }

  /** Says that a property did not hold, and why; the first counts. */
  fail(property: PropertyName, text: string): void {
    if (this.#only?.has(property) ?? true) {
      this.violation ??= { property, text: `${this.world.timestamp}: ${text}` };
    }
  }

  host(instanceId: string): HostStory {
    const known = this.hosts.get(instanceId);
    if (known !== undefined) {
      return known;
    }
    const host = new HostStory(instanceId, this.world.now);
    this.hosts.set(instanceId, host);
    return host;
  }

  cluster(name: string): ClusterStory {
    const known = this.clusters.get(name);
    if (known !== undefined) {
      return known;
    }
    const cluster = new ClusterStory(name, this.zone, this.owner);
    this.clusters.set(name, cluster);
    return cluster;
  }

  /** All groups as they are now. */
  get groups(): readonly DescribedGroup[] {
    return this.world.autoScaling.describeAutoScalingGroups({ MaxRecords: 100 }).AutoScalingGroups;
  }

  /** How many seconds too early it is for what may happen from that instant on: by the world's clock, less what the function's was wrong by. */
  secondsEarly(instant: Milliseconds): number {
    return (instant - this.world.now) / 1000 - roundingSeconds - this.skewSeconds;
  }

  /** Groups that ask for a cluster now. */
  groupsOf(cluster: string): ReadonlySet<string> {
    return new Set(
      this.groups
        .filter((group) => tagOf(group, 'srv_cluster') === cluster)
        .map(({ AutoScalingGroupName = '' }) => AutoScalingGroupName),
    );
  }

  /** The clusters that a batch is about, with its changes for each. */
  clustersOf({ changes }: Write): ReadonlyMap<string, Write['changes']> {
    const suffix = `.${this.zone}.`;
    return Map.groupBy(changes, ({ ResourceRecordSet: set }) => {
      const name = set?.Name ?? '';
      return name.endsWith(suffix) ? (name.slice(0, -suffix.length).split('.').at(-1) ?? '') : '';
    });
  }

  /** What a run has seen so far. */
  runStory(run: FunctionRun): RunStory {
    const known = this.runs.get(run);
    if (known !== undefined) {
      return known;
    }
    const story: RunStory = {
      run,
      readAfter: new Map(),
      failedReads: [],
      listed: new Set(),
      wrote: new Map(),
      woken: new Set(),
      tagged: new Map(),
      spoilt: new Set(),
      calls: 0,
    };
    this.runs.set(run, story);
    return story;
  }

  /** Says who acts now, for sentences. */
  get actor(): string {
    return this.acting === undefined ? 'somebody' : `run ${this.acting.number}`;
  }
}

const zeros: Readonly<Record<PropertyName, number>> = {
  EventuallyStable: 0,
  NoStaleOverwrite: 0,
  NonEmptyPreserved: 0,
  MinServing: 0,
  DrainBeforeComplete: 0,
  RegisteredBeforeComplete: 0,
  NoResurrection: 0,
  Quiescence: 0,
  CrashSafe: 0,
  EventLossTolerance: 0,
  HookLiveness: 0,
  Isolation: 0,
  Authenticity: 0,
  BoundedWork: 0,
  StaticStability: 0,
  ConvergesFromAny: 0,
};
