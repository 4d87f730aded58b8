import type { FaultClass } from '../scenario/faultClass.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PropertyName } from './propertyName.ts';

/** A property of what the world comes to once faults and changes have stopped: that all is right within a bounded number of passes. */
export interface LivenessProperty {
  readonly name: PropertyName;
  /** Is a run an example of it? By its scenario, and by how often each fault really happened. */
  readonly appliesTo: (scenario: Scenario, faults: Readonly<Record<FaultClass, number>>) => boolean;
}
