/**
 * The words of the sync, as types. Everything here is a value; nothing here does anything.
 */

/** Epoch seconds, possibly with a fraction. */
export type Instant = number;

/** A label directly below the zone: what a load balancer calls a backend. Lower case. */
export type ClusterName = string;

/** Name of an Auto Scaling group. */
export type GroupName = string;

/** An EC2 instance id, `i-` and hexadecimal digits. */
export type InstanceId = string;

/** One instance of a group as Auto Scaling lists it, warm pool included. */
export interface Member {
  readonly instanceId: InstanceId;
  /** Auto Scaling's LifecycleState; a state unknown to us is kept as it came. */
  readonly lifecycleState: string;
}

/** One Auto Scaling group: its tags are the cluster's configuration. */
export interface Group {
  readonly name: GroupName;
  readonly tags: Readonly<Record<string, string>>;
  readonly members: readonly Member[];
  /** Why its members are not all known, as when its warm pool could not be read: its cluster waits for a better read. */
  readonly error?: Error;
}

/** One instance as EC2 describes it. */
export interface Instance {
  readonly id: InstanceId;
  /** EC2's instance state name, such as `running`. */
  readonly state: string;
  /** The instance's own addresses, the one to register first; empty while EC2 shows none. */
  readonly addresses: readonly string[];
  /** Tag `aws:autoscaling:groupName`, which only Auto Scaling writes; absent on a detached instance. */
  readonly autoScalingGroup?: GroupName;
  /** The three tags of ours, raw: anyone with ec2:CreateTags may have written them. */
  readonly tags: InstanceTags;
}

/** The instance tags that carry intent, as found. */
export interface InstanceTags {
  readonly ip_address?: string;
  readonly srv_weight?: string;
  readonly srv_drain_until?: string;
}

/** One resource record set exactly as ListResourceRecordSets returned it: a DELETE must echo it. */
export interface RecordSet {
  /** Lower case, with the trailing dot. */
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  readonly values: readonly string[];
  /** Says which routing feature the set uses (alias, set identifier …); such a set is never ours. */
  readonly routing?: string;
}

/** One value of the SRV record set (RFC 2782); the host is the instance's name below the cluster. */
export interface Target {
  readonly instanceId: InstanceId;
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
}

/** A write that somebody waits for: GetChange answers for the change, and then for all that was written up to `written`. */
export interface Publication {
  readonly changeId: string;
  readonly written: Instant;
}

/** The delayed message a pass sends itself. It names a cluster and what is waited for; the world is read again when it arrives. */
export interface WakeUp {
  readonly cluster: ClusterName;
  readonly at: Instant;
  /** Instances whose next step this chain of wake-ups is for, so that a deadline has one chain however many events arrive. */
  readonly instances: readonly InstanceId[];
  readonly publications: readonly Publication[];
  /** Recorded instances that EC2 denied, and since when. */
  readonly denied: Readonly<Record<InstanceId, Instant>>;
}

/** What the triggers of one pass brought for one cluster, beyond its name. */
export interface Woken {
  /** Instances whose chain of wake-ups this pass continues. */
  readonly instances: ReadonlySet<InstanceId>;
  /** The wake-up was cut to SQS's longest delay: nothing is due, long drains send a heartbeat. */
  readonly hop: boolean;
  /** Latest write that GetChange says has propagated, as the instant it was planned at. */
  readonly propagated?: Instant;
  /** Writes that GetChange did not yet call propagated. */
  readonly publications: readonly Publication[];
  /** Instances with a spot interruption warning, and its instant. */
  readonly interrupted: Readonly<Record<InstanceId, Instant>>;
  /** Recorded instances that EC2 denied earlier, and since when. */
  readonly denied: Readonly<Record<InstanceId, Instant>>;
}

/** Everything one pass read of one cluster: its records first, then its groups, then its instances, then the clock. */
export interface Observation {
  readonly cluster: ClusterName;
  /** Lower case, without a trailing dot. */
  readonly zone: string;
  /** The deployment id that our registry entries carry. */
  readonly owner: string;
  readonly recordSets: readonly RecordSet[];
  readonly groups: readonly Group[];
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  /** Recorded instances for which EC2 answered InvalidInstanceID.NotFound in this pass. */
  readonly denied: ReadonlySet<InstanceId>;
  /** Instances whose tags could not be written by this pass: they cannot be registered now. */
  readonly untaggable: ReadonlySet<InstanceId>;
  readonly woken: Woken;
  /** The pass is a sweep, one a minute. */
  readonly swept: boolean;
  /** The clock before the groups and instances were read: what a read shows may be older, but not by more than `staleSecondsMax`. */
  readonly readFrom: Instant;
  /** The clock after the last read. */
  readonly now: Instant;
}

/** Tags to write on one instance, or to remove from it. */
export interface TagChange {
  readonly kind: 'tag';
  readonly instanceId: InstanceId;
  readonly set: { readonly ip_address?: string; readonly srv_weight?: string; readonly srv_drain_until?: Instant };
  readonly remove: readonly (keyof InstanceTags)[];
  readonly reason: string;
}

/** One host's value in the SRV set, before and after. */
export interface TargetChange {
  readonly kind: 'target';
  readonly instanceId: InstanceId;
  readonly before?: Target;
  readonly after?: Target;
  readonly reason: string;
}

/** A lifecycle action to complete (always CONTINUE), or to prolong by a heartbeat. */
export interface HookChange {
  readonly kind: 'complete' | 'heartbeat';
  readonly instanceId: InstanceId;
  readonly group: GroupName;
  readonly hook: HookName;
  readonly reason: string;
}

/** A lifecycle hook as Auto Scaling describes it. */
export interface LifecycleHook {
  readonly name: string;
  readonly transition: string;
  readonly defaultResult: string;
  readonly heartbeatTimeoutSeconds: number;
}

/** The two lifecycle hooks of ours. */
export type HookName = 'srv-register' | 'srv-drain';

/** One thing that a plan does. */
export type Change = TagChange | TargetChange | HookChange;

/** Something an operator should know; it is logged and counted, and changes nothing by itself. */
export interface Notice {
  readonly kind: 'badTag' | 'badAddress' | 'badGroup' | 'unknownState' | 'full' | 'drift';
  /** The group, instance or value it is about. */
  readonly subject: string;
  readonly text: string;
}

/** One ChangeResourceRecordSets call: validated whole, then made whole or not at all. */
export interface ChangeBatch {
  readonly deletes: readonly RecordSet[];
  readonly creates: readonly RecordSet[];
}

/** The record changes of one cluster. `swap` stands or falls as one batch; `before` may come earlier and `after` later, in pieces, where one batch cannot hold all. */
export interface RecordWrite {
  readonly serial: number;
  readonly written: Instant;
  /** Address records that the SRV set will need. */
  readonly before: ChangeBatch;
  /** The registry entry and the SRV set. */
  readonly swap: ChangeBatch;
  /** Address records that the SRV set no longer needs, and those that change. */
  readonly after: ChangeBatch;
}

interface PlanFacts {
  readonly cluster: ClusterName;
  readonly notices: readonly Notice[];
  /** Targets of the record after the plan, and how many of them are on their way out. */
  readonly targets: number;
  readonly draining: number;
}

/** What a pass will do to one cluster: sorted, printable, comparable. */
export type Plan =
  | (PlanFacts & { readonly kind: 'inSync'; readonly wakeUp?: WakeUp })
  | (PlanFacts & {
      readonly kind: 'change';
      readonly changes: readonly Change[];
      readonly write?: RecordWrite;
      readonly wakeUp?: WakeUp;
    })
  | (PlanFacts & { readonly kind: 'refuse'; readonly reason: string });
