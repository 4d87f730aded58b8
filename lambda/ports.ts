import type {
  ChangeBatch,
  ClusterName,
  Group,
  GroupName,
  HookName,
  Instance,
  InstanceId,
  Instant,
  LifecycleHook,
  RecordSet,
} from './reconcile/model.ts';

/** Some clusters by name, or every one there is. */
export type Scope = ReadonlySet<ClusterName> | 'all';

/** Everything a pass reads and writes. Calls are plural: one read or write serves as many clusters as the APIs' limits allow. */
export interface Ports {
  /** Lower case, without a trailing dot. */
  readonly zone: string;
  /** The deployment id that our registry entries carry. */
  readonly owner: string;
  readonly now: () => Instant;
  /** Lets rival passes get ahead after a lost swap: a short, jittered wait that grows with the attempt (from 1). */
  readonly pause: (attempt: number) => Promise<void>;
  readonly records: Records;
  readonly groups: Groups;
  readonly instances: Instances;
  readonly wakeUps: WakeUps;
}

/** The hosted zone. */
export interface Records {
  /** All record sets of the clusters, accepted ones whether propagated or not. A cluster whose listing failed has its error instead. */
  readonly list: (scope: Scope) => Promise<ReadonlyMap<ClusterName, readonly RecordSet[] | Error>>;
  /** Submits one batch. Throws where it was certainly not applied and trying again later may help, such as when throttled. */
  readonly change: (batch: ChangeBatch) => Promise<ChangeResult>;
  /** Has a change reached every name server of the zone? False for a change id that is no longer known. */
  readonly hasPropagated: (changeId: string) => Promise<boolean>;
}

/** What became of a submitted batch, as far as the answer tells. */
export type ChangeResult =
  | { readonly kind: 'accepted'; readonly changeId: string }
  /** Route 53 refused the batch (InvalidChangeBatch): a lost swap, a batch already applied, or one that can never be. Reading again tells. */
  | { readonly kind: 'rejected'; readonly error: Error }
  /** No answer that tells whether it was applied. Reading again tells. */
  | { readonly kind: 'uncertain'; readonly error: Error };

/** Auto Scaling. */
export interface Groups {
  /** Groups that carry `srv_cluster`, with their members and those of their warm pools. */
  readonly ofClusters: (scope: Scope) => Promise<readonly Group[]>;
  /** Groups by name, of whatever tags; unknown names are left out. Warm pools are not read. */
  readonly named: (names: ReadonlySet<GroupName>) => Promise<readonly Group[]>;
  readonly hooks: (name: GroupName) => Promise<readonly LifecycleHook[]>;
  /**
   * Completes lifecycle actions with CONTINUE, or restarts their timeouts. Answers those that could not be acted on, with the reason, and those
   * that were over already: completed, timed out, or not this hook's.
   */
  readonly act: (actions: readonly LifecycleAction[]) => Promise<ReadonlyMap<LifecycleAction, Error | 'over'>>;
}

/** One hook's wait for one instance, and what to do about it. */
export interface LifecycleAction {
  readonly kind: 'complete' | 'heartbeat';
  readonly group: GroupName;
  readonly hook: HookName;
  readonly instanceId: InstanceId;
}

/** EC2. Instances that a read does not mention are not known to be gone. */
export interface Instances {
  readonly ofGroups: (names: ReadonlySet<GroupName>) => Promise<readonly Instance[]>;
  readonly byId: (ids: ReadonlySet<InstanceId>) => Promise<readonly Instance[]>;
  /** Does EC2 deny an instance explicitly (InvalidInstanceID.NotFound)? */
  readonly isDenied: (id: InstanceId) => Promise<boolean>;
  /** Writes tags in as few calls as the API allows. Answers the instances whose tags could not be written, with the reason. */
  readonly tag: (writes: readonly TagWrite[]) => Promise<ReadonlyMap<InstanceId, Error>>;
}

/** Tags of one instance to set and to remove. */
export interface TagWrite {
  readonly instanceId: InstanceId;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  /** Is an instance that EC2 does not know a failure? Not where it was only to lose weight. */
  readonly mustExist: boolean;
}

/** The queue that wakes us. */
export interface WakeUps {
  /** Sends delayed messages. Answers the clusters whose message was not taken, with the reason. */
  readonly send: (messages: readonly WakeUpMessage[]) => Promise<ReadonlyMap<ClusterName, Error>>;
}

/** One delayed message. */
export interface WakeUpMessage {
  readonly cluster: ClusterName;
  readonly body: string;
  /** 0 to 900, SQS's longest. */
  readonly delaySeconds: number;
}
