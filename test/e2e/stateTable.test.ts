import { afterEach, expect, test } from 'vitest';
import { type Stage, stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

/** Two hosts in service, one of weight 2560 then forced into a state that the next sweep finds, its tag changed to 5120. */
async function forced(state: string): Promise<string> {
  on = await stage();
  on.setCapacity('web-blue', 2);
  await on.world.advance(120);
  const [host = ''] = on.members('web-blue');
  const weigh = (weight: string) =>
    on.world.ec2.createTags({ Resources: [host], Tags: [{ Key: 'srv_weight', Value: weight }] });
  weigh('2560');
  await on.world.advance(5);
  if (state.startsWith('Warmed:')) {
    on.world.autoScaling.putWarmPool({ AutoScalingGroupName: 'web-blue', MaxGroupPreparedCapacity: 2 });
  }
  on.world.autoScaling.setLifecycleState(host, state);
  weigh('5120');
  await on.world.advance(63);
  return host;
}

test.each([
  ['Pending', 5120],
  ['Pending:Proceed', 5120],
  ['InService', 5120],
  ['Terminating', 0],
  ['Terminating:Wait', 0],
  ['Terminating:Proceed', undefined],
  ['Terminated', undefined],
  ['Terminating:Retained', undefined],
  ['Detaching', undefined],
  ['Detached', undefined],
  ['EnteringStandby', 0],
  ['Standby', 0],
  ['Quarantined', 0],
  ['ReplacingRootVolume', 0],
  ['ReplacingRootVolume:Wait', 0],
  ['ReplacingRootVolume:Proceed', 0],
  ['RootVolumeReplaced', 0],
  ['Warmed:Pending', undefined],
  ['Warmed:Pending:Proceed', undefined],
  ['Warmed:Pending:Retained', undefined],
  ['Warmed:Terminating', undefined],
  ['Warmed:Terminating:Proceed', undefined],
  ['Warmed:Terminating:Retained', undefined],
  ['Warmed:Terminated', undefined],
  ['Warmed:Stopped', undefined],
  ['Warmed:Running', undefined],
  ['Warmed:Hibernated', undefined],
  ['SomethingNew', 2560],
])('a host in %s has weight %s in the record', async (state, weight) => {
  const host = await forced(state);
  expect(on.weights()[host]).toBe(weight);
});

test.each([
  ['Pending:Wait', 'Pending:Proceed'],
  ['Warmed:Terminating:Wait', 'Warmed:Terminating:Proceed'],
])('a host in %s is let go on by the sweep', async (state, next) => {
  const host = await forced(state);
  const line = on.world.happenings.find(({ text }) => text.includes(`${host} of web-blue: ${state} → ${next}`));
  expect(line?.source).toBe('autoscaling');
});

test('a state that nobody knows yet is logged by name', async () => {
  const host = await forced('SomethingNew');
  expect(on.logged().map(({ message }) => message)).toContain(
    `Cannot place instance "${host}": its lifecycle state must be a known one: found "SomethingNew"`,
  );
});
