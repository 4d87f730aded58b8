import { afterEach, expect, test } from 'vitest';
import { type Stage, stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

/** Instants at which the world noted something, in seconds since the stack was deployed. */
function when(pattern: RegExp): readonly number[] {
  const start = on.world.happenings.find(({ source }) => source === 'cloudformation')?.at ?? 0;
  return on.world.happenings.filter(({ text }) => pattern.test(text)).map(({ at }) => (at - start) / 1000);
}

function inSyncAt(host: string): number {
  const [change = ''] =
    on.world.happenings.find(({ text }) => text.includes(`CREATE A ${host}.`))?.text.split(' ') ?? [];
  return when(new RegExp(`^${change} is INSYNC`))[0] ?? Number.POSITIVE_INFINITY;
}

test('launched hosts are in the record, and it has propagated, before their hooks complete', async () => {
  on = await stage();
  on.setCapacity('web-blue', 3);
  await on.world.advance(120);
  const hosts = on.members('web-blue');
  expect(on.weights()).toEqual(Object.fromEntries(hosts.map((host) => [host, 65_535])));
  for (const host of hosts) {
    expect(when(new RegExp(`${host} of web-blue: srv-register CONTINUE`))[0]).toBeGreaterThanOrEqual(inSyncAt(host));
  }
  expect(on.world.route53.answer('_http._tcp.web.svc.example.internal', 'SRV')?.values).toHaveLength(3);
});

test('fifty launches within two seconds are a few record writes, and nobody is missing', async () => {
  on = await stage();
  await on.world.advance(45);
  const before = on.calls().length;
  for (let second = 0; second <= 2; second += 0.5) {
    on.setCapacity('web-blue', Math.round(10 + second * 20));
    await on.world.advance(0.5);
  }
  await on.world.advance(150);
  expect(on.members('web-blue')).toHaveLength(50);
  expect(Object.keys(on.weights())).toHaveLength(50);
  const calls = on
    .calls()
    .slice(before)
    .filter((call) => call.startsWith('route53:'));
  const counts = Map.groupBy(calls, (call) => call);
  process.stdout.write(
    `50 launches in 2 s: Route 53 calls until all were in service, sweeps included: ${[...counts].map(([call, all]) => `${call} ${all.length}`).join(', ')}\n`,
  );
  expect(counts.get('route53:ChangeResourceRecordSets')?.length).toBeLessThanOrEqual(4);
});

test('passes that overlap race for the record, and nobody is missing', async () => {
  on = await stage();
  on.deployment.functionSeconds = 3;
  for (let second = 0; second < 12; second += 2) {
    on.setCapacity('web-blue', second + 2);
    await on.world.advance(2);
  }
  on.deployment.functionSeconds = 0;
  await on.world.advance(240);
  expect(on.members('web-blue')).toHaveLength(12);
  expect(Object.keys(on.weights())).toHaveLength(12);
  // They did race: swaps were lost, and none of that was a failure.
  expect(on.deployment.calls.filter(({ error }) => error?.name === 'InvalidChangeBatch').length).toBeGreaterThan(0);
  expect(on.logged().filter(({ level }) => level === 'ERROR')).toEqual([]);
});

test('a group older than the stack is registered by the first sweep', async () => {
  on = await stage({ before: { 'web-blue': 3 } });
  expect(on.weights()).toEqual({});
  await on.world.advance(63);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
});

test('two groups of one cluster share one record, another cluster has its own', async () => {
  on = await stage();
  on.setCapacity('web-blue', 2);
  on.setCapacity('web-green', 1);
  on.setCapacity('api', 1);
  await on.world.advance(150);
  expect(Object.keys(on.weights('web')).toSorted()).toEqual(
    [...on.members('web-blue'), ...on.members('web-green')].toSorted(),
  );
  expect(Object.keys(on.weights('api'))).toEqual(on.members('api'));
  expect(on.world.route53.answer('_http._tcp.api.svc.example.internal', 'SRV')?.values[0]).toContain(' 8443 ');
});

test('restart from nothing: with every event and every record lost, one sweep rebuilds all', async () => {
  on = await stage();
  on.world.eventBridge.fault = (event) => (event['detail-type'] === 'Scheduled Event' ? [0.5] : []);
  on.setCapacity('web-blue', 4);
  await on.world.advance(240);
  expect(Object.keys(on.weights())).toHaveLength(4);
  expect(on.members('web-blue')).toHaveLength(4);
  const sets = on.world.route53.records(on.zoneId).filter(({ Type }) => Type !== 'SOA' && Type !== 'NS');
  on.world.route53.changeResourceRecordSets({
    HostedZoneId: on.zoneId,
    ChangeBatch: { Changes: sets.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })) },
  });
  await on.deployment.coldStart();
  await on.world.advance(63);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
});

test('a group that opts in by tags alone is picked up without a deploy, and its missing hooks are reported by name', async () => {
  on = await stage({
    prepare: (world) => {
      world.autoScaling.createAutoScalingGroup({
        AutoScalingGroupName: 'terraformed',
        MinSize: 0,
        MaxSize: 9,
        DesiredCapacity: 2,
      });
    },
  });
  on.world.autoScaling.createOrUpdateTags({
    Tags: [
      {
        ResourceId: 'terraformed',
        ResourceType: 'auto-scaling-group',
        Key: 'srv_cluster',
        Value: 'shop',
        PropagateAtLaunch: false,
      },
      {
        ResourceId: 'terraformed',
        ResourceType: 'auto-scaling-group',
        Key: 'srv_port',
        Value: '8080',
        PropagateAtLaunch: false,
      },
    ],
  });
  await on.world.advance(63);
  expect(Object.keys(on.weights('shop')).toSorted()).toEqual(on.members('terraformed').toSorted());
  const warnings = on
    .logged()
    .filter(({ level }) => level === 'WARN')
    .map(({ message }) => message);
  expect(warnings).toEqual([
    'Group "terraformed" must have lifecycle hook "srv-register" for autoscaling:EC2_INSTANCE_LAUNCHING: it has none of that name',
    'Group "terraformed" must have lifecycle hook "srv-drain" for autoscaling:EC2_INSTANCE_TERMINATING: it has none of that name',
  ]);
});

test('warm pool: a pool member is never in the record, and no hook of it is left to time out', async () => {
  on = await stage();
  on.world.autoScaling.putWarmPool({
    AutoScalingGroupName: 'web-blue',
    MinSize: 0,
    MaxGroupPreparedCapacity: 2,
    PoolState: 'Stopped',
    InstanceReusePolicy: { ReuseOnScaleIn: true },
  });
  await on.world.advance(120);
  const pool = () =>
    on.world.autoScaling
      .describeWarmPool({ AutoScalingGroupName: 'web-blue' })
      .Instances.map(({ InstanceId = '' }) => InstanceId);
  expect(pool()).toHaveLength(2);
  expect(on.weights()).toEqual({});
  const [first = ''] = pool();
  on.setCapacity('web-blue', 1);
  await on.world.advance(150);
  expect(on.members('web-blue')).toHaveLength(1);
  expect(Object.keys(on.weights())).toEqual(on.members('web-blue'));
  on.setCapacity('web-blue', 0);
  await on.world.advance(300);
  expect(on.weights()).toEqual({});
  expect(pool()).toContain(first);
  // Back again: a new life of the same instance registers anew.
  on.setCapacity('web-blue', 3);
  await on.world.advance(300);
  expect(on.members('web-blue')).toHaveLength(3);
  expect(Object.values(on.weights())).toEqual([65_535, 65_535, 65_535]);
  expect(when(/timed out|ABANDON/)).toEqual([]);
});
