import type { LivenessProperty } from './livenessProperty.ts';

/**
 * A pass cut off after any single effect is finished by a later one: after runs of the function that died, by themselves or by their timeout, the
 * world becomes right all the same. (test/crashPoints.test.ts cuts after each effect, and compares what the records said of each host.)
 */
export const crashSafe: LivenessProperty = {
  name: 'CrashSafe',
  appliesTo: (_, { crash, timeout }) => crash + timeout > 0,
};
