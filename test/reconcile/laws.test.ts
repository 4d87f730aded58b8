import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InstanceTags, Observation } from '../../lambda/reconcile/model.ts';
import { after, type Given, type GivenHost, given, id, noon, planned, registry, weights } from '../given.ts';

const states = [
  'Pending',
  'Pending:Wait',
  'Pending:Proceed',
  'InService',
  'Terminating',
  'Terminating:Wait',
  'Terminating:Proceed',
  'Detached',
  'Standby',
  'Warmed:Stopped',
  'Warmed:Pending:Wait',
  'Terminating:Retained',
  'Unheard',
];
const weightTag = fc.constantFrom(undefined, '0', '1', '50%', '65535', 'heavy');
const instants = fc.integer({ min: -300, max: 300 }).map((seconds) => new Date((noon + seconds) * 1000).toISOString());

const tags: fc.Arbitrary<InstanceTags> = fc
  .record({
    ip: fc.constantFrom(undefined, 'own', '203.0.113.9'),
    weight: weightTag,
    until: fc.option(instants, { nil: undefined }),
  })
  .map(({ ip, weight, until }) => ({
    ...(ip === undefined ? {} : { ip_address: ip }),
    ...(weight === undefined ? {} : { srv_weight: weight }),
    ...(until === undefined ? {} : { srv_drain_until: until }),
  }));

const host = fc.record({
  state: fc.constantFrom(...states, null),
  ec2: fc.constantFrom(
    'running',
    'running',
    'running',
    'running',
    'pending',
    'shutting-down',
    'terminated',
    'stopped',
    null,
  ),
  addressed: fc.boolean(),
  tags,
  recorded: fc.option(fc.constantFrom(0, 1, 9, 65_535), { nil: undefined }),
  leavingFor: fc.option(fc.nat(300), { nil: undefined }),
  group: fc.constantFrom('blue', 'green'),
  attached: fc.boolean(),
});

const world: fc.Arbitrary<Given> = fc
  .record({
    hosts: fc.array(host, { maxLength: 6 }),
    writtenFor: fc.nat(200),
    blue: fc.constantFrom({}, { srv_port: '8080' }, { srv_port: 'x' }, { srv_weight: '0' }, { srv_service: 'grpc' }),
    recordedTtl: fc.constantFrom(10, 60),
    interrupted: fc.boolean(),
  })
  .map(({ hosts, writtenFor, blue, recordedTtl, interrupted }) => ({
    hosts: hosts.map((one, index): GivenHost => {
      const address = `10.0.0.${index + 1}`;
      const { addressed, recorded, leavingFor, tags: found, ...rest } = one;
      return {
        ...rest,
        id: id(index),
        address: addressed ? address : null,
        tags: found.ip_address === 'own' ? { ...found, ip_address: address } : found,
        ...(recorded === undefined ? {} : { recorded }),
        ...(leavingFor === undefined ? {} : { leavingFor }),
      };
    }),
    writtenFor,
    groups: { blue, green: {} },
    recordedTtl,
    woken: interrupted ? { interrupted: { [id(0)]: noon - 5 } } : {},
  }));

function law(name: string, check: (observation: Observation, of: Given) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(world, (of) => {
        check(given(of), of);
      }),
      { numRuns: 3000 },
    );
  });
}

/** Plans until nothing changes any more, at one instant; lifecycle actions change nothing here, so they may be asked for again. */
function settle(start: Observation, passes: number): Observation {
  let world = start;
  for (let count = 0; count < passes; count += 1) {
    world = after(world, planned(world));
  }
  return world;
}

function writes(observation: Observation): number {
  const plan = planned(observation);
  return plan.kind === 'change'
    ? plan.changes.filter(({ kind }) => kind === 'tag' || kind === 'target').length + (plan.write === undefined ? 0 : 1)
    : 0;
}

law('Quiescence: a second pass over the world that a plan made writes nothing', (observation) => {
  // Two passes settle it: where a drain's tag is past already, its end is a step of its own, right after its beginning.
  expect(writes(settle(observation, 2))).toBe(0);
});

law('Quiescence: the order of groups, members, instances and records does not matter', (observation) => {
  const turned: Observation = {
    ...observation,
    groups: observation.groups.toReversed().map((group) => ({ ...group, members: group.members.toReversed() })),
    instances: new Map([...observation.instances].reverse()),
    recordSets: observation.recordSets.toReversed().map((set) => ({ ...set, values: set.values.toReversed() })),
  };
  const comparable = (one: Observation): unknown => {
    const plan = planned(one);
    return plan.kind === 'change'
      ? { ...plan, write: plan.write === undefined ? undefined : weights(after(one, plan)) }
      : plan;
  };
  expect(comparable(turned)).toEqual(comparable(observation));
});

law('MinServing: a refused plan has no changes', (observation) => {
  const plan = planned(observation);
  if (plan.kind === 'refuse') {
    expect(plan).not.toHaveProperty('changes');
    expect(plan).not.toHaveProperty('write');
    expect(plan.reason).not.toBe('');
  }
});

law('NonEmptyPreserved: a read that mentions less never removes a target', (observation) => {
  const partial: Observation = {
    ...observation,
    groups: observation.groups.map((group) => ({ ...group, members: [] })),
    instances: new Map(),
  };
  expect(Object.keys(weights(after(partial, planned(partial))))).toEqual(Object.keys(weights(partial)));
});

law(
  'NoResurrection: no host that the registry remembers as leaving gains weight or comes back, before reads may show a new life of it',
  (observation, of) => {
    const next = after(observation, planned(observation));
    for (const one of of.hosts ?? []) {
      const unrecordedFor = one.state?.startsWith('Pending') === true ? 60 : 120;
      if (one.leavingFor !== undefined && one.leavingFor < (one.recorded === undefined ? unrecordedFor : 210)) {
        expect(weights(next)[one.id] ?? 0).toBeLessThanOrEqual(planned(observation).kind === 'refuse' ? 65_535 : 0);
        expect(one.recorded !== undefined || weights(next)[one.id] === undefined).toBe(true);
      }
    }
  },
);

law(
  'DrainBeforeComplete: a live recorded host’s terminate hook completes only after weight 0 was held for long enough',
  (observation, of) => {
    const plan = planned(observation);
    for (const change of plan.kind === 'change' ? plan.changes : []) {
      const one = (of.hosts ?? []).find((found) => found.id === change.instanceId);
      if (
        change.kind === 'complete' &&
        change.hook === 'srv-drain' &&
        one?.recorded !== undefined &&
        one.ec2 === 'running' &&
        one.state === 'Terminating:Wait'
      ) {
        // By the tag, or by the registry entry alone: 120 s to propagate, the recorded TTL, 60 s of drain.
        const tagPassed = Date.parse(one.tags?.srv_drain_until ?? '') <= observation.now * 1000;
        const ttl = Math.max(10, of.recordedTtl ?? 10);
        expect(one.recorded).toBe(0);
        expect(one.leavingFor).toBeGreaterThanOrEqual(tagPassed ? ttl + 60 : ttl + 180);
      }
    }
  },
);

law(
  'RegisteredBeforeComplete: a launch hook of a live host completes only when it is recorded, or was taken out by its tags',
  (observation, of) => {
    const plan = planned(observation);
    for (const change of plan.kind === 'change' ? plan.changes : []) {
      const one = (of.hosts ?? []).find((found) => found.id === change.instanceId);
      if (
        change.kind === 'complete' &&
        change.hook === 'srv-register' &&
        one?.state === 'Pending:Wait' &&
        one.ec2 === 'running'
      ) {
        const takenOut = one.tags?.ip_address !== undefined && one.tags.srv_weight === undefined;
        expect(one.recorded !== undefined || takenOut).toBe(true);
        expect(takenOut || (of.writtenFor ?? 0) >= 120).toBe(true);
      }
    }
  },
);

law('Authenticity: no address is published that EC2 does not show as the instance’s own', (observation) => {
  const plan = planned(observation);
  const created =
    plan.kind === 'change'
      ? [plan.write?.before, plan.write?.swap, plan.write?.after].flatMap((batch) => batch?.creates ?? [])
      : [];
  for (const set of created.filter(({ type }) => type === 'A')) {
    const instance = observation.instances.get(set.name.split('.')[0] ?? '');
    expect(instance?.addresses.length === 0 || instance?.addresses.includes(set.values[0] ?? '')).toBe(true);
  }
});

law('NoStaleOverwrite: each write raises the serial by one, and deletes exactly what was listed', (observation) => {
  const plan = planned(observation);
  const next = after(observation, plan);
  const before = registry(observation)?.serial ?? 0;
  expect(registry(next)?.serial ?? 0).toBe(plan.kind === 'change' && plan.write !== undefined ? before + 1 : before);
});
