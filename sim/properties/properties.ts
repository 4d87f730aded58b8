import { authenticity } from './authenticity.ts';
import { boundedWork } from './boundedWork.ts';
import { convergesFromAny } from './convergesFromAny.ts';
import { crashSafe } from './crashSafe.ts';
import { drainBeforeComplete } from './drainBeforeComplete.ts';
import { eventLossTolerance } from './eventLossTolerance.ts';
import { eventuallyStable } from './eventuallyStable.ts';
import { hookLiveness } from './hookLiveness.ts';
import { isolation } from './isolation.ts';
import type { LivenessProperty } from './livenessProperty.ts';
import { minServing } from './minServing.ts';
import { nonEmptyPreserved } from './nonEmptyPreserved.ts';
import { noResurrection } from './noResurrection.ts';
import { noStaleOverwrite } from './noStaleOverwrite.ts';
import type { Property } from './property.ts';
import { registeredBeforeComplete } from './registeredBeforeComplete.ts';
import { staticStability } from './staticStability.ts';

/** What must never be seen, looked at after every effect. */
export const safetyProperties: readonly Property[] = [
  eventuallyStable,
  isolation,
  authenticity,
  noStaleOverwrite,
  staticStability,
  minServing,
  nonEmptyPreserved,
  noResurrection,
  drainBeforeComplete,
  registeredBeforeComplete,
  hookLiveness,
  boundedWork,
];

/** What must come about once faults have stopped; the narrowest first, whose name a failure bears. */
export const livenessProperties: readonly LivenessProperty[] = [
  eventLossTolerance,
  convergesFromAny,
  crashSafe,
  eventuallyStable,
];
