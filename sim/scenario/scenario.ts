import type { FaultClass } from './faultClass.ts';

/** Faults of calls, messages and function runs, which the dice decide on: what a rate is given for. */
export type DiceFault = Extract<
  FaultClass,
  | 'crash'
  | 'timeout'
  | 'zombie'
  | 'staleRead'
  | 'partialRead'
  | 'emptyRead'
  | 'tornRead'
  | 'falseDenial'
  | 'throttle'
  | 'serverError'
  | 'priorRequest'
  | 'appliedButError'
  | 'lostEvent'
  | 'duplicateEvent'
  | 'lateEvent'
  | 'reorderedEvent'
>;

/** A group, as it is made. */
export interface GroupSetup {
  readonly cluster: string;
  readonly desired: number;
  /** Seconds. @default 60 */
  readonly drainSeconds?: number;
  /** Seconds. @default 10 */
  readonly ttl?: number;
  /** What an operator has asked for: any text. @default full weight */
  readonly weight?: string;
  /** Timeout of its two hooks, in seconds. @default 1800 */
  readonly hookSeconds?: number;
  /** Hosts kept stopped beside the group, to which hosts scaled in return. @default no warm pool */
  readonly warm?: number;
}

/** What somebody does by hand to the records of a cluster. */
export type ConsoleEdit =
  | 'deleteTargets'
  | 'deleteAddress'
  | 'deleteEntry'
  | 'deleteAll'
  | 'changeAddress'
  | 'changeTtl'
  | 'lowerWeight'
  | 'addStray'
  | 'addHost'
  | 'damageSerial'
  | 'raiseSerial'
  | 'doubleEntry'
  | 'futureInstants';

/** What stops answering for a while. */
export type Outage = 'records' | 'writes' | 'reads' | 'tags' | 'hooks' | 'queue' | 'function' | 'everything';

/**
 * One thing that happens in the world. Groups and hosts are meant by a number, taken modulo how many there are; where there is none, or AWS
 * refuses, nothing happens.
 */
export type Deed =
  | { readonly kind: 'scale'; readonly group: number; readonly to: number }
  | { readonly kind: 'terminate'; readonly group: number; readonly host: number; readonly replace: boolean }
  | { readonly kind: 'terminateAll'; readonly group: number }
  | {
      readonly kind: 'crash' | 'stop' | 'interrupt' | 'enterStandby' | 'exitStandby' | 'detach' | 'completeHook';
      readonly group: number;
      readonly host: number;
    }
  | { readonly kind: 'attach'; readonly group: number }
  | {
      readonly kind: 'tag';
      readonly group: number;
      readonly host: number;
      readonly key: 'ip_address' | 'srv_weight' | 'srv_drain_until';
      readonly value: string;
    }
  | {
      readonly kind: 'untag';
      readonly group: number;
      readonly host: number;
      readonly keys: readonly ('ip_address' | 'srv_weight')[];
    }
  | { readonly kind: 'tagGroup'; readonly group: number; readonly key: string; readonly value: string | undefined }
  | { readonly kind: 'createGroup'; readonly setup: GroupSetup }
  | { readonly kind: 'deleteGroup'; readonly group: number }
  | { readonly kind: 'console'; readonly cluster: string; readonly edit: ConsoleEdit }
  | { readonly kind: 'outage'; readonly of: Outage; readonly seconds: number }
  | { readonly kind: 'redrive' }
  | { readonly kind: 'poison'; readonly body: string }
  | { readonly kind: 'jumpClock'; readonly seconds: number }
  | { readonly kind: 'wait' };

/** A deed, and the seconds that pass after it. */
export type Step = Deed & { readonly pauseSeconds: number };

/**
 * One run, as a value: what there is, what happens, and how often what goes wrong. Together with the code it decides the run byte for byte.
 */
export interface Scenario {
  /** Seeds identifiers, delays and dice. */
  readonly seed: number;
  readonly groups: readonly GroupSetup[];
  /** Somebody else's record stands where cluster `legacy` would be. @default false */
  readonly legacy?: boolean;
  /** A freed address goes to the next instance at once. @default false */
  readonly reusesAddresses?: boolean;
  /** Instances get an IPv6 address, too. @default false */
  readonly assignsIpv6?: boolean;
  /** Function runs at a time. @default 1 */
  readonly concurrency?: number;
  /** Chance of each fault at each occasion, 0 to 1; a fault without a rate does not happen. */
  readonly rates: Readonly<Partial<Record<DiceFault, number>>>;
  /** The function dies right after its effect of this number, counted over the run from 1. @default it does not */
  readonly dieAfterEffect?: number;
  readonly steps: readonly Step[];
}
