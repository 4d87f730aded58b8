import { overlaid } from '../lambda/overlay.ts';
import { desired } from '../lambda/reconcile/desired.ts';
import type { Group, Instance, InstanceTags, Observation, Plan, RecordSet, Woken } from '../lambda/reconcile/model.ts';
import { plan } from '../lambda/reconcile/plan.ts';
import { clusterDomain, encodeTarget, hostName, serviceName } from '../lambda/reconcile/record.ts';
import { decodeRegistry, encodeRegistry, type RegistryEntry } from '../lambda/reconcile/registry.ts';

/** 2026-11-21T09:00:00Z in epoch seconds: the tests' noon. */
export const noon = Date.parse('2026-11-21T09:00:00Z') / 1000;

const names = { cluster: 'web', zone: 'svc.example.internal' };
export const owner = '111122223333/eu-west-1/asg-srv';

/** One instance of a given observation; numbers and states, what is left out is ordinary. */
export interface GivenHost {
  readonly id: string;
  /** Auto Scaling's state; null for an instance that no group lists. @default InService */
  readonly state?: string | null;
  /** EC2's state; null for one that EC2 does not show. @default running */
  readonly ec2?: string | null;
  /** @default 10.0.0.n by position */
  readonly address?: string | null;
  readonly tags?: InstanceTags;
  /** Weight in the record; absent when it is not recorded. */
  readonly recorded?: number;
  readonly recordedPort?: number;
  /** The registry remembers it as leaving for so many seconds. */
  readonly leavingFor?: number;
  /** The registry remembers it as joining for so many seconds. */
  readonly joiningFor?: number;
  /** @default blue */
  readonly group?: string;
  /** Does EC2 show the tag aws:autoscaling:groupName? @default true */
  readonly attached?: boolean;
}

export interface Given {
  readonly hosts?: readonly GivenHost[];
  readonly now?: number;
  /** Age of the record's last write in seconds. @default 1000 */
  readonly writtenFor?: number;
  readonly serial?: number;
  /** Tags of the groups by name, beside srv_cluster. @default { blue: {} } */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly woken?: Partial<Woken>;
  readonly denied?: readonly string[];
  readonly untaggable?: readonly string[];
  readonly swept?: boolean;
  /** Leave the registry entry out although hosts are recorded. */
  readonly unregistered?: boolean;
  readonly recordedTtl?: number;
  readonly recordSets?: readonly RecordSet[];
}

/** An instance id that ends in a number. */
export function id(number: number): string {
  return `i-0aaaaaaaaaaa${String(number).padStart(5, '0')}`;
}

/** Tags of a registered host. */
export function tags(address: string, weight: string, drainUntil?: string): InstanceTags {
  return {
    ip_address: address,
    srv_weight: weight,
    ...(drainUntil === undefined ? {} : { srv_drain_until: drainUntil }),
  };
}

/** An observation of one cluster. */
export function given(of: Given = {}): Observation {
  const now = of.now ?? noon;
  const hosts = (of.hosts ?? []).map((host, index) => ({
    ...host,
    address: host.address === undefined ? `10.0.0.${index + 1}` : host.address,
  }));
  const groupTags = of.groups ?? { blue: {} };
  const groups: Group[] = Object.entries(groupTags).map(([name, extra]) => ({
    name,
    tags: { srv_cluster: names.cluster, ...extra },
    members: hosts
      .filter((host) => host.state !== null && (host.group ?? 'blue') === name)
      .map((host) => ({ instanceId: host.id, lifecycleState: host.state ?? 'InService' })),
  }));
  const instances = hosts
    .filter(({ ec2 }) => ec2 !== null)
    .map(
      (host): Instance => ({
        id: host.id,
        state: host.ec2 ?? 'running',
        addresses: host.address === null ? [] : [host.address],
        ...(host.attached === false ? {} : { autoScalingGroup: host.group ?? 'blue' }),
        tags: host.tags ?? {},
      }),
    );
  const ttl = of.recordedTtl ?? 10;
  const recorded = hosts.filter((host) => host.recorded !== undefined);
  const entry: RegistryEntry = {
    owner,
    serial: of.serial ?? 41,
    written: Math.ceil(now - (of.writtenFor ?? 1000)),
    leaving: memories(hosts, now, ({ leavingFor }) => leavingFor),
    joining: memories(hosts, now, ({ joiningFor }) => joiningFor),
  };
  const needsEntry = recorded.length + entry.leaving.size > 0 && of.unregistered !== true;
  const recordSets: RecordSet[] = [
    ...(needsEntry ? [{ name: clusterDomain(names), type: 'TXT', ttl, values: [encodeRegistry(entry)] }] : []),
    ...(recorded.length === 0
      ? []
      : [
          {
            name: serviceName(names, 'http'),
            type: 'SRV',
            ttl,
            values: recorded.map((host) =>
              encodeTarget(names, {
                instanceId: host.id,
                priority: 0,
                weight: host.recorded ?? 0,
                port: host.recordedPort ?? 443,
              }),
            ),
          },
        ]),
    ...recorded.flatMap((host) =>
      host.address === null ? [] : [{ name: hostName(names, host.id), type: 'A', ttl, values: [host.address] }],
    ),
  ];
  return {
    ...names,
    owner,
    recordSets: of.recordSets ?? recordSets,
    groups,
    instances: new Map(instances.map((instance) => [instance.id, instance])),
    denied: new Set(of.denied ?? []),
    untaggable: new Set(of.untaggable ?? []),
    swept: of.swept ?? false,
    readFrom: now,
    woken: { instances: new Set(), hop: false, publications: [], interrupted: {}, denied: {}, ...of.woken },
    now,
  };
}

/** The plan of an observation. */
export function planned(observation: Observation): Plan {
  return plan(observation, desired(observation));
}

/** The world after a plan was applied whole, as the next pass would observe it; hooks and states stay as they were. */
export function after(observation: Observation, made: Plan, seconds = 0): Observation {
  const now = observation.now + seconds;
  const readFrom = now;
  if (made.kind !== 'change') {
    return { ...observation, now, readFrom };
  }
  const tagged = overlaid(
    observation,
    made.changes.filter((change) => change.kind === 'tag'),
  );
  const { write } = made;
  if (write === undefined) {
    return { ...tagged, now, readFrom };
  }
  const deletes = [...write.swap.deletes, ...write.after.deletes];
  const missing = deletes.filter((set) => !observation.recordSets.includes(set));
  if (missing.length > 0) {
    throw new Error(`Cannot apply the plan: it deletes what was not listed: found ${JSON.stringify(missing)}`);
  }
  const kept = observation.recordSets.filter((set) => !deletes.includes(set));
  const recordSets = [...kept, ...write.before.creates, ...write.swap.creates, ...write.after.creates];
  const keys = recordSets.map(({ name, type }) => `${name} ${type}`);
  if (new Set(keys).size !== keys.length) {
    throw new Error(`Cannot apply the plan: it creates what exists: found ${keys.join(', ')}`);
  }
  return { ...tagged, recordSets, now, readFrom };
}

/** The record as a table: weight by instance id. */
export function weights(observation: Observation): Readonly<Record<string, number>> {
  const values = observation.recordSets.filter(({ type }) => type === 'SRV').flatMap((set) => set.values);
  return Object.fromEntries(
    values
      .map((value) => value.split(' '))
      .map(([, weight = '', , host = '']): [string, number] => [host.split('.')[0] ?? '', Number(weight)])
      .toSorted(([one], [other]) => one.localeCompare(other)),
  );
}

/** The registry entry of an observation. */
export function registry(observation: Observation): RegistryEntry | undefined {
  const values = observation.recordSets.filter(({ type }) => type === 'TXT').flatMap((set) => set.values);
  return values.map(decodeRegistry).find((read) => read !== undefined)?.entry;
}

function memories(
  hosts: readonly GivenHost[],
  now: number,
  age: (host: GivenHost) => number | undefined,
): ReadonlyMap<string, number> {
  return new Map(
    hosts.flatMap((host) => (age(host) === undefined ? [] : [[host.id, Math.ceil(now - (age(host) ?? 0))] as const])),
  );
}
