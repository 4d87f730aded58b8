import { authenticity } from './authenticity.ts';
import { boundedWork } from './boundedWork.ts';
import { drainBeforeComplete } from './drainBeforeComplete.ts';
import { hookLiveness } from './hookLiveness.ts';
import { isolation } from './isolation.ts';
import { minServing } from './minServing.ts';
import { nonEmptyPreserved } from './nonEmptyPreserved.ts';
import { noResurrection } from './noResurrection.ts';
import { noStaleOverwrite } from './noStaleOverwrite.ts';
import type { Property } from './property.ts';
import { registeredBeforeComplete } from './registeredBeforeComplete.ts';
import { staticStability } from './staticStability.ts';

/** What must never be seen, looked at after every effect. The properties of a world at rest are in `rest.ts`. */
export const properties: readonly Property[] = [
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
