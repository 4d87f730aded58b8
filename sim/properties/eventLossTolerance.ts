import type { LivenessProperty } from './livenessProperty.ts';

/** The sweep alone converges: also where every single event was lost, sweeps included, until the faults stopped. */
export const eventLossTolerance: LivenessProperty = {
  name: 'EventLossTolerance',
  appliesTo: ({ rates }) => rates.lostEvent === 1,
};
