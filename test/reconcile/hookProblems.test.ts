import { expect, test } from 'vitest';
import { hookProblems } from '../../lambda/reconcile/hookProblems.ts';

const group = { name: 'web-blue', tags: { srv_cluster: 'web' }, members: [] };
const register = {
  name: 'srv-register',
  transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  defaultResult: 'CONTINUE',
  heartbeatTimeoutSeconds: 300,
};
const drain = {
  name: 'srv-drain',
  transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  defaultResult: 'CONTINUE',
  heartbeatTimeoutSeconds: 151,
};

test('hookProblems() has nothing to say of hooks that are right, others notwithstanding', () => {
  expect(hookProblems(group, [register, drain, { ...drain, name: 'chef', defaultResult: 'ABANDON' }])).toEqual([]);
});

test.each([
  [
    'no hooks',
    [],
    [
      'Group "web-blue" must have lifecycle hook "srv-register"',
      'Group "web-blue" must have lifecycle hook "srv-drain"',
    ],
  ],
  [
    'the wrong transition',
    [register, { ...drain, transition: register.transition }],
    ['must have transition autoscaling:EC2_INSTANCE_TERMINATING: found autoscaling:EC2_INSTANCE_LAUNCHING'],
  ],
  [
    'a hook that abandons',
    [{ ...register, defaultResult: 'ABANDON' }, drain],
    ['must have default result CONTINUE: found ABANDON'],
  ],
  [
    'a hook that ends with its drain',
    [register, { ...drain, heartbeatTimeoutSeconds: 150 }],
    ['must have a timeout above 150 s, the length of a drain: found 150 s'],
  ],
])('hookProblems() names %s', (_, hooks, problems) => {
  const found = hookProblems(group, hooks);
  expect(found).toHaveLength(problems.length);
  for (const [index, problem] of problems.entries()) {
    expect(found[index]).toContain(problem);
  }
});
