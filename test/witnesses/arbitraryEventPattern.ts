import fc from 'fast-check';
import { isJsonObject } from '../../sim/deployment/json.ts';
import type { EventPattern } from '../../sim/eventPattern.ts';

const key = fc.constantFrom('a', 'b', 'c');
const word = fc.constantFrom('x', 'y', 'xy', 'XY', 'yx', 'x*', '3', '');
const number = fc.constantFrom(-1, 0, 2, 3, 3.5, 300);
const scalar = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null) },
);

const depthOfEvent = { maxDepth: 4, depthIdentifier: 'event' } as const;
const { event } = fc.letrec<{ value: unknown; event: object }>((tie) => ({
  value: fc.oneof(
    depthOfEvent,
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(tie('event'), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: tie('event') },
  ),
  event: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));

const begins = fc.constantFrom('>', '>=');
const ends = fc.constantFrom('<', '<=');
const equals = fc.constantFrom('=');
const wildcard = fc.constantFrom('*', 'x*', '*y', 'x*y', '\\*', 'x\\*', 'xy', 'x*\\*');
const textOperator = fc.oneof(
  fc.record({ prefix: word }),
  fc.record({ suffix: word }),
  fc.record({ 'equals-ignore-case': word }),
  fc.record({ wildcard }),
);
const noneOf = fc
  .tuple(
    fc.constantFrom('prefix', 'suffix', 'equals-ignore-case'),
    fc.array(fc.constantFrom('x', 'xy', 'YX'), { minLength: 1, maxLength: 2 }),
  )
  .map(([operator, words]) => ({ [operator]: words }));
const exists = fc.record({ exists: fc.boolean() });
const operator = fc.oneof(
  { weight: 2, arbitrary: textOperator },
  fc.record({ prefix: fc.record({ 'equals-ignore-case': word }) }),
  fc.record({ suffix: fc.record({ 'equals-ignore-case': word }) }),
  fc.record({ numeric: fc.tuple(fc.oneof(begins, ends, equals), number) }),
  fc.record({ numeric: fc.tuple(begins, fc.constantFrom(-1, 0), ends, fc.constantFrom(2, 3, 3.5)) }),
  fc.record({
    'anything-but': fc.oneof(
      word,
      number,
      fc.array(word, { minLength: 1, maxLength: 2 }),
      fc.array(number, { minLength: 1, maxLength: 2 }),
      noneOf,
      fc.record({ wildcard }),
    ),
  }),
);
/** Some of these are refused. */
const doubtful = fc.oneof(
  fc.record({ wildcard: fc.constantFrom('**', '\\y', 'x\\') }),
  fc.record({ numeric: fc.array(fc.oneof(begins, ends, equals, number, fc.constantFrom('!=')), { maxLength: 5 }) }),
  fc.record({ 'anything-but': fc.oneof(fc.array(scalar, { maxLength: 2 }), textOperator, scalar) }),
  fc.record({ exists: scalar }),
  fc.dictionary(fc.constantFrom('prefix', 'exists', 'unknown'), scalar, { maxKeys: 2 }),
);
const leaf = fc.oneof(
  { weight: 40, arbitrary: fc.array(fc.oneof(scalar, scalar, exists), { minLength: 1, maxLength: 3 }) },
  { weight: 40, arbitrary: fc.tuple(operator) },
  { weight: 1, arbitrary: fc.tuple(doubtful) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>([], {}, 'x') },
);
const depthOfPattern = { maxDepth: 3, depthIdentifier: 'pattern' } as const;
const { pattern } = fc.letrec<{ pattern: EventPattern; alternatives: readonly EventPattern[] }>((tie) => ({
  pattern: fc.oneof(
    depthOfPattern,
    { weight: 4, arbitrary: fc.dictionary(key, leaf, { minKeys: 1, maxKeys: 2 }) },
    {
      weight: 3,
      arbitrary: fc.dictionary(key, fc.oneof(leaf, tie('pattern')), { minKeys: 1, maxKeys: 2 }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.dictionary(key, leaf, { maxKeys: 1 }), tie('alternatives'))
        .map(([fields, $or]) => ({ ...fields, $or })),
    },
  ),
  alternatives: fc.oneof(
    { weight: 20, arbitrary: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(tie('pattern'), { maxLength: 1 }) },
  ),
}));

/** Events and patterns that have much to do with each other; a few of the patterns are such as EventBridge refuses. */
export const arbitraryEventAndPattern: fc.Arbitrary<readonly [event: object, pattern: EventPattern]> = fc
  .tuple(event, pattern)
  .filter(([one, other]) => isClear(other, one));

/**
 * Where event-ruler 2.1.0 is of two minds, and whoever writes a rule had better not go:
 * - several alternatives for one field, one of them an operator: `{"a": ["x", {"numeric": [">", 0]}, "y"]}` now matches `{"a": "x"}`, now it does
 *   not. `leaf` makes no such list, but an "$or" may come to one;
 * - whether what one element of an array has is absent from the others depends on the names of the fields beside it: those that sort before.
 */
function isClear(pattern: unknown, event: unknown): boolean {
  return !asksTwice(pattern) && !(asksForAbsence(pattern) && holdsObjectInArray(event));
}

/** Do two alternatives of an "$or" ask for the same field? */
function asksTwice(pattern: unknown): boolean {
  if (!isJsonObject(pattern)) {
    return false;
  }
  const { $or: alternatives, ...fields } = pattern;
  const listed = Array.isArray(alternatives) ? alternatives : [];
  const asked = listed.flatMap((alternative) => [...new Set(pathsOf(alternative, ''))]);
  return new Set(asked).size < asked.length || [...listed, ...Object.values(fields)].some(asksTwice);
}

function pathsOf(pattern: unknown, path: string): readonly string[] {
  return isJsonObject(pattern)
    ? Object.entries(pattern).flatMap(([name, inner]) =>
        name === '$or' && Array.isArray(inner)
          ? inner.flatMap((alternative) => pathsOf(alternative, path))
          : pathsOf(inner, `${path}/${name}`),
      )
    : [path];
}

function asksForAbsence(pattern: unknown): boolean {
  return isJsonObject(pattern)
    ? pattern['exists'] === false || Object.values(pattern).some(asksForAbsence)
    : Array.isArray(pattern) && pattern.some(asksForAbsence);
}

function holdsObjectInArray(value: unknown): boolean {
  return Array.isArray(value)
    ? value.some((element) => isJsonObject(element) || holdsObjectInArray(element))
    : isJsonObject(value) && Object.values(value).some(holdsObjectInArray);
}
