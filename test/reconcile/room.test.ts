import { expect, test } from 'vitest';
import { shipments } from '../../lambda/reconcile/batches.ts';
import { memoriesMax } from '../../lambda/reconcile/limits.ts';
import type { Observation, Plan } from '../../lambda/reconcile/model.ts';
import { after, type Given, type GivenHost, given, id, noon, planned, registry, tags, weights } from '../given.ts';

function fleet(from: number, count: number, host: Partial<GivenHost>): readonly GivenHost[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const address = `10.0.${number >> 8}.${number & 255}`;
    return { id: id(number), address, tags: tags(address, '65535'), ...host };
  });
}

/** Characters of the largest batch that a plan's write needs. */
function charactersOf(plan: Plan): number {
  const write = plan.kind === 'change' ? plan.write : undefined;
  const batches =
    write === undefined ? [] : shipments([{ cluster: 'web', write }]).flatMap((shipment) => shipment.batches);
  return Math.max(
    0,
    ...batches.map(({ deletes, creates }) =>
      [...deletes, ...creates].flatMap(({ values }) => values).reduce((sum, value) => sum + value.length, 0),
    ),
  );
}

/** A pass each so many seconds, until as many have gone by; hooks that complete take their member out of the group. */
function live(
  start: Observation,
  seconds: number,
  everySeconds: number,
): { readonly world: Observation; readonly writes: number } {
  let world = start;
  let writes = 0;
  for (let passed = 0; passed < seconds; passed += everySeconds) {
    const plan = planned({ ...world, swept: true });
    expect(charactersOf(plan)).toBeLessThanOrEqual(32_000);
    const done = new Set(
      plan.kind === 'change' ? plan.changes.filter(({ kind }) => kind === 'complete').map((one) => one.instanceId) : [],
    );
    writes += plan.kind === 'change' && plan.write !== undefined ? 1 : 0;
    const next = after(world, plan, everySeconds);
    const groups = next.groups.map((group) => ({
      ...group,
      members: group.members.filter((one) => !done.has(one.instanceId)),
    }));
    world = { ...next, groups };
  }
  return { world, writes };
}

test.each([
  [250, 100],
  [250, 40],
  [230, 100],
])('a swap for something else forgets none of the %i hosts’ live drains (%i of them)', (count, leaving) => {
  const terminating = { state: 'Terminating:Wait', recorded: 65_535 };
  const hosts = [...fleet(0, leaving, terminating), ...fleet(leaving, count - leaving, { recorded: 65_535 })];
  const start = given({ hosts });
  const begun = after(start, planned(start));
  const remembered = registry(begun)?.leaving.size ?? 0;
  expect(remembered).toBeGreaterThan(20);
  const [weighed = ''] = Object.keys(weights(begun)).slice(-1);
  const instances = new Map(begun.instances);
  const instance = instances.get(weighed);
  if (instance !== undefined) {
    instances.set(weighed, { ...instance, tags: { ...instance.tags, srv_weight: '7' } });
  }
  const later = { ...begun, instances, now: noon + 5, readFrom: noon + 5 };
  const next = after(later, planned(later));
  expect(weights(next)[weighed]).toBe(7);
  expect(registry(next)?.leaving.size).toBe(remembered);
});

test('a whole full cluster that terminates leaves in waves, remembered throughout, and every hook completes', () => {
  const hosts = fleet(0, 250, { state: 'Terminating:Wait', recorded: 65_535 });
  const { world } = live(given({ hosts }), 4000, 10);
  expect(world.groups.flatMap(({ members }) => members)).toEqual([]);
  expect(weights(world)).toEqual({});
});

test('more unrecorded hosts than can be remembered leave without an endless loop of writes', () => {
  const hosts = fleet(0, memoriesMax + 10, { state: 'Terminating:Wait' }).map((host) => ({
    ...host,
    tags: { ip_address: host.address ?? '' },
  }));
  const { world, writes } = live(given({ hosts }), 900, 5);
  expect(world.groups.flatMap(({ members }) => members)).toEqual([]);
  expect(writes).toBeLessThan(12);
});

test('a host that waits to leave keeps serving, and its hook is kept alive once a sweep', () => {
  const hosts = fleet(0, memoriesMax + 5, { state: 'Terminating:Wait', recorded: 65_535 });
  const plan = planned(given({ hosts, swept: true }));
  const heartbeats = plan.kind === 'change' ? plan.changes.filter(({ kind }) => kind === 'heartbeat') : [];
  expect(heartbeats).toHaveLength(5);
  const quiet = planned(given({ hosts }));
  expect(quiet.kind === 'change' ? quiet.changes.filter(({ kind }) => kind === 'heartbeat') : []).toEqual([]);
});

test.each([230, 250, 260])('a TTL change of %i hosts goes out in batches that each fit', (count) => {
  const of: Given = { hosts: fleet(0, count, { recorded: 65_535 }), groups: { blue: { srv_ttl: '30' } } };
  const observation = given(of);
  const plan = planned(observation);
  expect(charactersOf(plan)).toBeLessThanOrEqual(32_000);
  const next = after(observation, plan);
  expect(new Set(next.recordSets.map(({ ttl }) => ttl))).toEqual(new Set([30]));
  expect(planned(next).kind).toBe('inSync');
});

test('hosts that joined at weight 0 may all go to full weight at once', () => {
  const joining = given({ hosts: fleet(0, 300, {}).map((host) => ({ ...host, tags: tags(host.address ?? '', '0') })) });
  const joined = after(joining, planned(joining));
  const instances = new Map(
    [...joined.instances].map(([key, one]) => [key, { ...one, tags: { ...one.tags, srv_weight: '65535' } }]),
  );
  const raised = { ...joined, instances };
  expect(charactersOf(planned(raised))).toBeLessThanOrEqual(32_000);
  expect(new Set(Object.values(weights(after(raised, planned(raised)))))).toEqual(new Set([65_535]));
});
