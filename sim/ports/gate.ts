import { AwsError } from '../awsError.ts';

/** A call of a port, by the port and its method; `groups.warmPool` is the part of `groups.ofClusters` that reads one group's pool. */
export type PortCallName =
  | 'records.list'
  | 'records.change'
  | 'records.hasPropagated'
  | 'groups.ofClusters'
  | 'groups.warmPool'
  | 'groups.named'
  | 'groups.hooks'
  | 'groups.act'
  | 'instances.ofGroups'
  | 'instances.byId'
  | 'instances.isDenied'
  | 'instances.tag'
  | 'wakeUps.send'
  | 'pause';

/** A call that was answered. */
interface PortCall {
  readonly name: PortCallName;
  /** The cluster, group, instance or change it was about; empty where it was about many at once. */
  readonly subject: string;
  /** What the caller was told, where it was a failure. */
  readonly error: AwsError | undefined;
}

/** What may go wrong in calls of the ports, and who decides when they go on. Each is asked at every call; none is random by itself. */
export interface PortFaults {
  /** Awaited before each call of a port: a scheduler that holds it back interleaves passes. */
  readonly step?: (name: PortCallName) => Promise<void>;
  /**
   * How old the view is that a read of groups or instances answers with, in seconds (at most 600). Asked once per call of AWS, pages
   * included. Records are never stale.
   *
   * @default what the world's services say themselves
   */
  readonly staleSeconds?: (name: PortCallName) => number;
  /** How many groups, or instances (at least 5), one page of a listing holds. Asked once per listing. @default as many as the API allows */
  readonly pageSize?: (name: PortCallName) => number | undefined;
  /** Leaves a group, a member of a group, or an instance out of a read, by its name or id. */
  readonly omits?: (name: PortCallName, nameOrId: string) => boolean;
  /**
   * Makes a call fail: with an error of the caller's choice and without effect, or, with `appliedButError`, after it took effect. Asked once
   * for each subject of a call that answers for each by itself.
   */
  readonly fault?: (name: PortCallName, subject: string) => AwsError | 'appliedButError' | undefined;
  /** Hears of each call at the moment of its effect. */
  readonly onCall?: (call: PortCall) => void;
}

/** A service whose reads may show the past. */
interface LaggingService {
  readLagSeconds: (() => number) | undefined;
}

/** The way into the world that every call of a port takes. */
export interface Gate {
  readonly step: (name: PortCallName) => Promise<void>;
  readonly run: <Answer>(name: PortCallName, subject: string, effect: () => Answer) => Answer;
  readonly read: <Answer>(name: PortCallName, service: LaggingService, effect: () => Answer) => Answer;
  readonly shows: (name: PortCallName, nameOrId: string) => boolean;
  readonly pageSize: (name: PortCallName) => number | undefined;
}

/** Makes a gate that lets the faults happen. */
export function createGate({ step, staleSeconds, pageSize, omits, fault, onCall }: PortFaults): Gate {
  return {
    step: async (name) => step?.(name),
    run: (name, subject, effect) => {
      try {
        const injected = fault?.(name, subject);
        if (injected instanceof AwsError) {
          throw injected;
        }
        const answer = effect();
        if (injected === 'appliedButError') {
          throw new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);
        }
        onCall?.({ name, subject, error: undefined });
        return answer;
      } catch (error) {
        if (error instanceof AwsError) {
          onCall?.({ name, subject, error });
        }
        throw error;
      }
    },
    read: (name, service, effect) => {
      if (staleSeconds === undefined) {
        return effect();
      }
      const before = service.readLagSeconds;
      service.readLagSeconds = () => staleSeconds(name);
      try {
        return effect();
      } finally {
        service.readLagSeconds = before;
      }
    },
    pageSize: (name) => pageSize?.(name),
    shows: (name, nameOrId) => omits?.(name, nameOrId) !== true,
  };
}

/** Answers with the failure in place of throwing it; a defect of the simulation is thrown on. */
export function attempt<Answer>(call: () => Answer): Answer | AwsError {
  try {
    return call();
  } catch (error) {
    if (error instanceof AwsError) {
      return error;
    }
    throw error;
  }
}
