/** Every kind of fault that a scenario may hold; each has a switch and a rate there, and each that never happens fails a soak. */
export const faultClasses = [
  // The function.
  'crash',
  'timeout',
  'zombie',
  'overlap',
  'clockJump',
  // What its calls answer.
  'staleRead',
  'partialRead',
  'emptyRead',
  'tornRead',
  'falseDenial',
  'throttle',
  'serverError',
  'priorRequest',
  'appliedButError',
  'outage',
  // Its messages.
  'lostEvent',
  'duplicateEvent',
  'lateEvent',
  'reorderedEvent',
  'redrive',
  'poisonMessage',
  'fullQueue',
  // Other people.
  'hookEnded',
  'hookExpired',
  'tagEdited',
  'tagRemoved',
  'tagPoisoned',
  'recordEdited',
  'recordDeleted',
  // Shapes of fleets.
  'wholeFleet',
  'fleetOfOne',
  'sizeAtLimit',
  'nameCollision',
  'groupJoined',
  'groupLeft',
  'groupDeleted',
] as const;

/** One kind of fault. */
export type FaultClass = (typeof faultClasses)[number];
