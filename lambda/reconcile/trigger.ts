import { isClusterName } from './groupSettings.ts';
import type { ClusterName, GroupName, InstanceId, Instant, Publication, WakeUp } from './model.ts';

/** What a message names, and nothing more of it: which clusters to look at follows from the names, what to do from the world. */
export type Trigger =
  | { readonly kind: 'sweep' }
  | {
      readonly kind: 'event';
      readonly at: Instant | undefined;
      readonly groups: readonly GroupName[];
      readonly instances: readonly InstanceId[];
      /** The one fact no read shows: EC2 will reclaim these spot instances within two minutes of `at`. */
      readonly interrupted: boolean;
    }
  | { readonly kind: 'wakeUp'; readonly wakeUp: WakeUp; readonly hop: boolean }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A trigger that came as an event of AWS. */
export type EventTrigger = Extract<Trigger, { kind: 'event' }>;

/** Reads a queue message: an EventBridge event as it came, the schedule's event, or a wake-up of ours. Anything else is ignored with a reason. */
export function parseTrigger(body: string): Trigger {
  const message = parseJson(body);
  if (message === undefined) {
    return ignored('the message is not JSON');
  }
  if (typeof field(message, 'asgSrv') === 'string') {
    return parseWakeUp(message) ?? ignored('the wake-up cannot be read');
  }
  const source = text(message, 'source');
  const detailType = text(message, 'detail-type');
  if (source === undefined || detailType === undefined) {
    return ignored(
      field(message, 'Event') === 'autoscaling:TEST_NOTIFICATION'
        ? 'a test notification of Auto Scaling'
        : 'the message is no EventBridge event',
    );
  }
  if (source === 'aws.events' && detailType === 'Scheduled Event') {
    return { kind: 'sweep' };
  }
  return (
    parseEvent(source, detailType, message) ??
    ignored(`an event of an unknown kind: source "${source}", detail-type "${detailType}"`)
  );
}

/** The queue message of a wake-up; `hop` where it wakes before its instant, since SQS delays by 15 minutes at most. */
export function encodeWakeUp(wakeUp: WakeUp, hop: boolean): string {
  return JSON.stringify({ asgSrv: 'wakeUp', hop, ...wakeUp });
}

function parseEvent(source: string, detailType: string, message: unknown): Trigger | undefined {
  const detail = field(message, 'detail');
  const time = Date.parse(text(message, 'time') ?? '');
  const at = Number.isNaN(time) ? undefined : time / 1000;
  const event = (
    groups: readonly (string | undefined)[],
    instances: readonly (string | undefined)[],
    interrupted = false,
  ): Trigger => {
    const named = { groups: groups.filter(isGroupName), instances: instances.filter(isInstanceId) };
    return named.groups.length + named.instances.length === 0
      ? ignored(`an event that names no group and no instance: detail-type "${detailType}"`)
      : { kind: 'event', at, ...named, interrupted };
  };
  if (source === 'aws.autoscaling') {
    const group = text(detail, 'AutoScalingGroupName');
    const instance = text(detail, 'EC2InstanceId');
    if (/^EC2 Instance-(launch|terminate) Lifecycle Action$/.test(detailType)) {
      const hook = text(detail, 'LifecycleHookName');
      return hook === 'srv-register' || hook === 'srv-drain'
        ? event([group], [instance])
        : ignored(`the lifecycle hook "${hook ?? ''}" is another tool's`);
    }
    return /^EC2 Instance (Launch|Terminate|Detach) (Successful|Unsuccessful)$/.test(detailType)
      ? event([group], [instance])
      : undefined;
  }
  if (source === 'aws.ec2' && detailType === 'EC2 Instance State-change Notification') {
    return event([], [text(detail, 'instance-id')]);
  }
  if (source === 'aws.ec2' && detailType === 'EC2 Spot Instance Interruption Warning') {
    return event([], [text(detail, 'instance-id')], true);
  }
  if (source === 'aws.tag' && detailType === 'Tag Change on Resource' && text(detail, 'resource-type') === 'instance') {
    return event(
      [],
      list(message, 'resources').map((arn) => /:instance\/(i-[0-9a-f]+)$/.exec(arn)?.[1]),
    );
  }
  return undefined;
}

function parseWakeUp(message: unknown): Trigger | undefined {
  const cluster = text(message, 'cluster');
  const at = number(message, 'at');
  if (text(message, 'asgSrv') !== 'wakeUp' || cluster === undefined || !isClusterName(cluster) || at === undefined) {
    return undefined;
  }
  const wakeUp: WakeUp = {
    cluster: cluster satisfies ClusterName,
    at,
    instances: list(message, 'instances').filter(isInstanceId),
    publications: items(message, 'publications').flatMap((item): readonly Publication[] => {
      const changeId = text(item, 'changeId');
      const written = number(item, 'written');
      return changeId === undefined || written === undefined ? [] : [{ changeId, written }];
    }),
    denied: Object.fromEntries(
      Object.entries(record(field(message, 'denied'))).filter(
        (entry): entry is [InstanceId, Instant] => isInstanceId(entry[0]) && typeof entry[1] === 'number',
      ),
    ),
  };
  return { kind: 'wakeUp', wakeUp, hop: field(message, 'hop') === true };
}

function ignored(reason: string): Trigger {
  return { kind: 'ignored', reason };
}

function isInstanceId(name: string | undefined): name is InstanceId {
  return name !== undefined && /^i-[0-9a-f]{8,17}$/.test(name);
}

function isGroupName(name: string | undefined): name is GroupName {
  return name !== undefined && name.length > 0 && name.length <= 255;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function field(value: unknown, key: string): unknown {
  return record(value)[key];
}

function text(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

function number(value: unknown, key: string): number | undefined {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
}

function items(value: unknown, key: string): readonly unknown[] {
  const found = field(value, key);
  return Array.isArray(found) ? found : [];
}

function list(value: unknown, key: string): readonly string[] {
  return items(value, key).filter((item) => typeof item === 'string');
}
