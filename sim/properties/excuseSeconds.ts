/**
 * How far back a write may go by what it read: a run lives for 60 s, its reads may be 60 s old. A host that served for longer without a break has
 * given no read a reason to show it otherwise.
 */
export const excuseSeconds = 125;
