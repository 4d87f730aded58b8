import { afterEach, expect, test } from 'vitest';
import { inService, type Stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

const srv = '_http._tcp.web.svc.example.internal';

/** Weight of a host as resolvers are told it, once a second for so long; undefined when it is not there. */
async function watchAnswer(host: string, seconds: number): Promise<readonly (number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const value = on.world.route53.answer(srv, 'SRV')?.values.find((text) => text.includes(host));
    seen.push(value === undefined ? undefined : Number(value.split(' ')[1]));
    await on.world.advance(1);
  }
  return seen;
}

function secondOf(pattern: RegExp, since: number): number {
  const at = on.world.happenings.find((happening) => happening.at >= since && pattern.test(happening.text))?.at;
  return at === undefined ? Number.NaN : (at - since) / 1000;
}

test('DrainBeforeComplete: weight 0, propagated, TTL + drain, removed, completed, as resolvers and Auto Scaling see it', async () => {
  on = await inService(3);
  const [host = ''] = on.members('web-blue');
  const start = on.world.now;
  on.setCapacity('web-blue', 2);
  const seen = await watchAnswer(host, 240);
  const zeroFrom = seen.indexOf(0);
  const completed = secondOf(new RegExp(`${host} of web-blue: srv-drain CONTINUE`), start);
  const removed = secondOf(new RegExp(`DELETE A ${host}`), start);
  expect(zeroFrom).toBeGreaterThan(0);
  expect(completed).toBeGreaterThanOrEqual(zeroFrom - 1 + 70);
  expect(completed).toBeLessThan(zeroFrom + 70 + 30);
  expect(removed).toBeLessThanOrEqual(completed);
  // Never a gap, never a way back: full weight, then 0, then nothing.
  const runs = seen.filter((weight, second) => second === 0 || weight !== seen[second - 1]);
  expect(runs).toEqual([65_535, 0, undefined]);
  expect(Object.keys(on.weights())).toHaveLength(2);
  expect(on.world.ec2.instance(host)?.tags.has('srv_weight')).toBe(false);
});

test('a crashed host leaves at once, without a drain', async () => {
  on = await inService(3);
  const [host = ''] = on.members('web-blue');
  on.world.ec2.crash(host);
  await on.world.advance(5);
  expect(Object.keys(on.weights())).not.toContain(host);
  await on.world.advance(200);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
});

test('a crash of which no event tells is found by the sweep', async () => {
  on = await inService(3);
  const [host = ''] = on.members('web-blue');
  on.world.eventBridge.fault = (event) => (event['detail-type'] === 'Scheduled Event' ? [0.5] : []);
  on.world.ec2.crash(host);
  await on.world.advance(62);
  expect(Object.keys(on.weights())).not.toContain(host);
});

test('scale to zero and back: everybody drains, the registry entry stays, the fleet returns', async () => {
  on = await inService(3);
  const serial = on.registry()?.serial ?? 0;
  on.setCapacity('web-blue', 0);
  await on.world.advance(300);
  expect(on.weights()).toEqual({});
  expect(on.registry()?.serial).toBeGreaterThan(serial);
  expect(on.world.route53.records(on.zoneId).map(({ Type }) => Type)).not.toContain('A');
  on.setCapacity('web-blue', 2);
  await on.world.advance(150);
  expect(Object.values(on.weights())).toEqual([65_535, 65_535]);
});

test('a spot interruption warning sets weight 0 at once; the reclaimed host leaves', async () => {
  on = await inService(3);
  const [host = ''] = on.members('web-blue');
  on.world.ec2.interrupt(host);
  await on.world.advance(4);
  expect(on.weights()[host]).toBe(0);
  expect(on.world.ec2.instance(host)?.tags.get('srv_weight')).toBe('0');
  await on.world.advance(130);
  expect(Object.keys(on.weights())).not.toContain(host);
});

test('standby keeps the operator’s weight for the return', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  on.world.ec2.createTags({ Resources: [host], Tags: [{ Key: 'srv_weight', Value: '2560' }] });
  await on.world.advance(5);
  on.world.autoScaling.enterStandby({
    AutoScalingGroupName: 'web-blue',
    InstanceIds: [host],
    ShouldDecrementDesiredCapacity: true,
  });
  await on.world.advance(61);
  expect(on.weights()[host]).toBe(0);
  on.world.autoScaling.exitStandby({ AutoScalingGroupName: 'web-blue', InstanceIds: [host] });
  await on.world.advance(61);
  expect(on.weights()[host]).toBe(2560);
});

test('a detached host leaves, and comes back when it is attached again', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  on.world.autoScaling.detachInstances({
    AutoScalingGroupName: 'web-blue',
    InstanceIds: [host],
    ShouldDecrementDesiredCapacity: true,
  });
  await on.world.advance(10);
  expect(Object.keys(on.weights())).not.toContain(host);
  on.world.autoScaling.attachInstances({ AutoScalingGroupName: 'web-blue', InstanceIds: [host] });
  await on.world.advance(240);
  expect(on.weights()[host]).toBe(65_535);
});

test('a group deleted in the middle of a drain leaves no host behind', async () => {
  on = await inService(2);
  on.setCapacity('web-blue', 1);
  await on.world.advance(20);
  on.world.autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'web-blue', ForceDelete: true });
  await on.world.advance(180);
  expect(on.weights()).toEqual({});
});

test('an instance refresh of a whole fleet, one host at a time, never leaves the answer without a positive weight', async () => {
  on = await inService(3);
  const old = on.members('web-blue');
  for (const host of old) {
    on.world.autoScaling.terminateInstanceInAutoScalingGroup({
      InstanceId: host,
      ShouldDecrementDesiredCapacity: false,
    });
    for (let second = 0; second < 150; second += 1) {
      await on.world.advance(1);
      const weights = on.world.route53.answer(srv, 'SRV')?.values.map((value) => Number(value.split(' ')[1])) ?? [];
      expect(weights.some((weight) => weight > 0)).toBe(true);
    }
  }
  expect(on.members('web-blue').filter((host) => old.includes(host))).toEqual([]);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
});
