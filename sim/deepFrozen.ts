/** Freezes a thing with all that is in it, so that everybody can be shown the same one. */
export function deepFrozen<Thing>(thing: Thing): Thing {
  freeze(thing);
  return thing;
}

function freeze(value: unknown): void {
  // What is frozen already was so to the last value.
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
}
