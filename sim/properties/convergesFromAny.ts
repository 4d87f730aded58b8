import type { LivenessProperty } from './livenessProperty.ts';

/** Whatever hands have made of the records, they are repaired, or refused with a reason until an operator acts: never stuck. */
export const convergesFromAny: LivenessProperty = {
  name: 'ConvergesFromAny',
  appliesTo: (_, { recordEdited, recordDeleted }) => recordEdited + recordDeleted > 0,
};
