import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hookProblems } from '../../lambda/reconcile/hookProblems.ts';
import { groupTags } from '../../lib/groupTags.ts';
import type { RegistrationSettings } from '../../lib/registrationSettings.ts';
import { type Registration, resolveRegistration } from '../../lib/resolveRegistration.ts';

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
  heartbeatTimeoutSeconds: 191,
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
    [register, { ...drain, heartbeatTimeoutSeconds: 190 }],
    ['must have a timeout above 190 s, the length of a drain: found 190 s'],
  ],
])('hookProblems() names %s', (_, hooks, problems) => {
  const found = hookProblems(group, hooks);
  expect(found).toHaveLength(problems.length);
  for (const [index, problem] of problems.entries()) {
    expect(found[index]).toContain(problem);
  }
});

/** What the construct makes of a group's settings; throws where synth refuses them. */
function made(settings: Omit<RegistrationSettings, 'cluster'>): Registration {
  return resolveRegistration({ cluster: 'web', ...settings }, group.name, undefined);
}

/** What the function says of a group and its hooks as the construct makes them, but for the terminate hook's timeout. */
function problemsOf(registration: Registration, terminateHookTimeoutSeconds: number): readonly string[] {
  return hookProblems({ ...group, tags: groupTags(registration, 'svc.example.internal') }, [
    { ...register, heartbeatTimeoutSeconds: registration.launchHookTimeoutSeconds },
    { ...drain, heartbeatTimeoutSeconds: terminateHookTimeoutSeconds },
  ]);
}

test.each<[string, Omit<RegistrationSettings, 'cluster'>, number]>([
  ['by default', {}, 430],
  ['with the shortest terminate hook', { terminateHookTimeoutSeconds: 191 }, 191],
  ['without a drain', { ttlSeconds: 1, drainSeconds: 0, terminateHookTimeoutSeconds: 122 }, 122],
  ['for the longest drain', { drainSeconds: 7069 }, 7200],
])('hookProblems() has nothing to say of the hooks that the construct makes %s', (_, settings, timeoutSeconds) => {
  const registration = made(settings);
  expect(registration.terminateHookTimeoutSeconds).toBe(timeoutSeconds);
  expect(problemsOf(registration, timeoutSeconds)).toEqual([]);
});

test('hookProblems() names just those timeouts of a terminate hook that synth refuses', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(3000),
      fc.integer({ min: -2, max: 2 }),
      (ttlSeconds, drainSeconds, awaySeconds) => {
        const terminateHookTimeoutSeconds = 120 + ttlSeconds + drainSeconds + awaySeconds;
        const synth = (): Registration => made({ ttlSeconds, drainSeconds, terminateHookTimeoutSeconds });
        if (problemsOf(made({ ttlSeconds, drainSeconds }), terminateHookTimeoutSeconds).length === 0) {
          expect(synth).not.toThrow();
        } else {
          expect(synth).toThrow(/terminateHookTimeoutSeconds must exceed/);
        }
      },
    ),
  );
});
