import { AwsError } from './awsError.ts';
import { wildcardMatcher } from './wildcard.ts';

/** An event pattern as a rule holds it: the shape of an event, with arrays of accepted values for leaves. */
export type EventPattern = { readonly [field: string]: unknown };

type Matcher = (value: unknown) => boolean;

/** Matches what an event holds in one place; the whole event is for what must be nowhere in it. */
type PlaceMatcher = (place: unknown, event: unknown) => boolean;

/** Names of fields, from the event inwards. */
type Path = readonly string[];

/**
 * Tells whether an event matches an EventBridge event pattern.
 *
 * Knows exact values, nested fields, `prefix`, `suffix`, `anything-but`, `exists`, `numeric`, `wildcard`, `equals-ignore-case` and `$or`. A
 * field that holds an array matches when any of its elements does.
 *
 * @throws AwsError `InvalidEventPatternException` for a pattern that EventBridge would not take, or something not listed here
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 */
export function matchesEventPattern(pattern: EventPattern, event: unknown): boolean {
  return eventPatternMatcher(pattern)(event);
}

/**
 * Compiles an event pattern, so that a bad one is refused when its rule is made and not when the first event comes.
 *
 * @throws AwsError `InvalidEventPatternException`
 */
export function eventPatternMatcher(pattern: EventPattern): (event: unknown) => boolean {
  if (Object.keys(pattern).length === 0) {
    throw invalid('Empty event pattern');
  }
  const matches = fieldsMatcher(pattern, []);
  return (event) => matches(event, event);
}

function fieldsMatcher(pattern: EventPattern, path: Path): PlaceMatcher {
  const { $or: alternatives, ...others } = pattern;
  const fields = Object.entries(others).map(([name, expected]) => fieldMatcher(path, name, expected));
  if (alternatives !== undefined) {
    fields.push(orMatcher(alternatives, path));
    const twice = alternativeFields(alternatives).find((name) => name in others);
    if (twice !== undefined) {
      // EventBridge lets one of both do, where a reader would ask for both. Told by the outer name alone: too much is refused, nothing mistaken.
      throw invalid(`The field "${twice}" beside "$or" and inside it is not supported here`);
    }
  }
  // The elements of an array are tried one by one, so that all fields of a nested pattern are met by the same element.
  return (place, event) => {
    const places = elements(place);
    return (places.length === 0 ? [undefined] : places).some((one) => fields.every((field) => field(one, event)));
  };
}

function orMatcher(alternatives: unknown, path: Path): PlaceMatcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isRecord)) {
    throw invalid('"$or" must be an array of at least two objects');
  }
  if (alternatives.some((alternative) => Object.keys(alternative).length === 0)) {
    throw invalid('Empty objects are not allowed in "$or"');
  }
  const matchers = alternatives.map((alternative) => fieldsMatcher(alternative, path));
  return (place, event) => matchers.some((matches) => matches(place, event));
}

/** The names of the fields that the alternatives of an "$or" look at, those of an "$or" inside it as well. */
function alternativeFields(alternatives: unknown): readonly string[] {
  return asList(alternatives)
    .filter(isRecord)
    .flatMap(({ $or: inner, ...fields }) => [...Object.keys(fields), ...alternativeFields(inner)]);
}

function fieldMatcher(path: Path, name: string, expected: unknown): PlaceMatcher {
  const here = [...path, name];
  if (isRecord(expected)) {
    if (Object.keys(expected).length === 0) {
      throw invalid(`Empty objects are not allowed: "${name}"`);
    }
    const nested = fieldsMatcher(expected, here);
    return (place, event) => nested(fieldOf(place, name), event);
  }
  if (!Array.isArray(expected)) {
    throw invalid(`"${name}" must be an object or an array`);
  }
  if (expected.length === 0) {
    throw invalid(`Empty arrays are not allowed: "${name}"`);
  }
  const alternatives = expected.map((one: unknown) => valueMatcher(one, here));
  return (place, event) => alternatives.some((matches) => matches(fieldOf(place, name), event));
}

function valueMatcher(expected: unknown, path: Path): PlaceMatcher {
  if (isScalar(expected)) {
    return anyLeaf((value) => value === expected);
  }
  if (!isRecord(expected)) {
    throw invalid(`Not a value to match: ${JSON.stringify(expected)}`);
  }
  const [operator, operand] = onlyEntry(expected);
  switch (operator) {
    case 'exists':
      return existsMatcher(operand, path);
    case 'anything-but':
      return anyLeaf(anythingBut(operand));
    case 'numeric':
      return anyLeaf(numeric(operand));
    default:
      return anyLeaf(text(operator, operand));
  }
}

/** "Exists" looks at leaves only: an object in that place counts as absent. What is in one element of an array is absent from none of them. */
function existsMatcher(operand: unknown, path: Path): PlaceMatcher {
  if (typeof operand !== 'boolean') {
    throw invalid('exists match pattern must be either true or false');
  }
  return operand ? anyLeaf(() => true) : (_, event) => leaves(valuesAt(event, path)).length === 0;
}

function anythingBut(operand: unknown): Matcher {
  if (isRecord(operand)) {
    const [operator, operands] = onlyEntry(operand);
    const texts = asList(operands);
    if (texts.length === 0) {
      throw invalid(`An empty list of "${operator}" inside "anything-but" is not supported here`);
    }
    if ((operator === 'prefix' || operator === 'suffix') && texts.includes('')) {
      throw invalid(`Null ${operator} not allowed`);
    }
    const excluded = texts.map((one) => text(operator, one));
    return (value) => !excluded.some((matches) => matches(value));
  }
  const excluded = asList(operand);
  if (!['string', 'number'].some((type) => excluded.length > 0 && excluded.every((one) => typeof one === type))) {
    throw invalid('Inside anything-but list, either all values are number or string, mixed type is not supported');
  }
  return (value) => !excluded.some((one) => one === value);
}

/** One comparison, or a range: its beginning first, then its end, and something between. */
function numeric(operand: unknown): Matcher {
  const [operator, bound, ...rest] = asList(operand);
  const first = comparison(operator, bound);
  if (rest.length === 0) {
    return (value) => typeof value === 'number' && first(value);
  }
  const [endOperator, end, ...more] = rest;
  const second = comparison(endOperator, end);
  const inOrder = /^>/u.test(String(operator)) && /^</u.test(String(endOperator)) && Number(bound) < Number(end);
  if (!inOrder || more.length > 0) {
    throw invalid(`Bottom must be less than top, and nothing else: ${JSON.stringify(operand)}`);
  }
  return (value) => typeof value === 'number' && first(value) && second(value);
}

function comparison(operator: unknown, bound: unknown): (value: number) => boolean {
  if (typeof bound !== 'number') {
    throw invalid('Value of a numeric match must be numeric');
  }
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      throw invalid(`Unrecognized numeric range operator: ${String(operator)}`);
  }
}

function text(operator: string, operand: unknown): Matcher {
  if ((operator === 'prefix' || operator === 'suffix') && isRecord(operand)) {
    const [inner, folded] = onlyEntry(operand);
    if (inner !== 'equals-ignore-case' || typeof folded !== 'string') {
      throw invalid(`Unsupported anything but pattern: ${inner}`);
    }
    const matches = textMatcher(operator, folded.toLowerCase());
    return (value) => typeof value === 'string' && matches(value.toLowerCase());
  }
  if (typeof operand !== 'string') {
    throw invalid(`${operator} match pattern must be a string`);
  }
  const matches = textMatcher(operator, operand);
  return (value) => typeof value === 'string' && matches(value);
}

function textMatcher(operator: string, operand: string): (value: string) => boolean {
  switch (operator) {
    case 'prefix':
      return (value) => value.startsWith(operand);
    case 'suffix':
      return (value) => value.endsWith(operand);
    case 'equals-ignore-case':
      return (value) => value.toLowerCase() === operand.toLowerCase();
    case 'wildcard':
      return wildcard(operand);
    default:
      throw invalid(`Unrecognized match type ${operator}`);
  }
}

/** Only `*` is special, and `\*` and `\\` stand for themselves; two stars side by side are refused. */
function wildcard(operand: string): (value: string) => boolean {
  const parts = operand.match(/\\[*\\]|./gsu) ?? [];
  if (parts.some((part, index) => part === '\\' || (part === '*' && parts[index + 1] === '*'))) {
    throw invalid(`Invalid wildcard: "${operand}"`);
  }
  return wildcardMatcher(parts.map((part) => (part === '*' ? 'anyText' : { character: part.replace(/^\\/, '') })));
}

function anyLeaf(matches: Matcher): PlaceMatcher {
  return (place) => leaves(place).some(matches);
}

function leaves(place: unknown): readonly unknown[] {
  return elements(place).filter(isScalar);
}

/** All that an event holds at a path, whatever arrays are on the way. */
function valuesAt(event: unknown, path: Path): readonly unknown[] {
  return path.reduce<readonly unknown[]>(
    (places, name) => elements(places).map((place) => fieldOf(place, name)),
    [event],
  );
}

function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(elements) : [value];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function onlyEntry(value: Readonly<Record<string, unknown>>): readonly [string, unknown] {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) {
    throw invalid(`Only one key allowed in match expression: ${JSON.stringify(value)}`);
  }
  return entry;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}
