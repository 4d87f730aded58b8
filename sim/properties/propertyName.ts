/** The named properties (docs/how-it-works.md, "Properties"), and two that go with them: a pass that cannot read does not write, and any start is repaired. */
export const propertyNames = [
  'EventuallyStable',
  'NoStaleOverwrite',
  'NonEmptyPreserved',
  'MinServing',
  'DrainBeforeComplete',
  'RegisteredBeforeComplete',
  'NoResurrection',
  'Quiescence',
  'CrashSafe',
  'EventLossTolerance',
  'HookLiveness',
  'Isolation',
  'Authenticity',
  'BoundedWork',
  'StaticStability',
  'ConvergesFromAny',
] as const;

/** One property. */
export type PropertyName = (typeof propertyNames)[number];
