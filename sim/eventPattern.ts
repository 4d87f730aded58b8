import { AwsError } from './awsError.ts';
import { wildcardMatcher } from './wildcard.ts';

/** An event pattern as a rule holds it: the shape of an event, with arrays of accepted values for leaves. */
export type EventPattern = { readonly [field: string]: unknown };

type Matcher = (value: unknown) => boolean;

/**
 * Tells whether an event matches an EventBridge event pattern.
 *
 * Knows exact values, nested fields, `prefix`, `suffix`, `anything-but`, `exists`, `numeric`, `wildcard`, `equals-ignore-case` and `$or`. A
 * field that holds an array matches when any of its elements does.
 *
 * @throws AwsError `InvalidEventPatternException` for a pattern that EventBridge would not take, or an operator not listed here
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
  return fieldsMatcher(pattern);
}

function fieldsMatcher(pattern: EventPattern): Matcher {
  const fields = Object.entries(pattern).map(([name, expected]) =>
    name === '$or' ? orMatcher(expected) : fieldMatcher(name, expected),
  );
  const matchesAll: Matcher = (value) => fields.every((field) => field(value));
  // The elements of an array are tried one by one, so that all fields of a nested pattern are met by the same element.
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(matchesAll) : matchesAll(value));
}

function orMatcher(alternatives: unknown): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isRecord)) {
    throw invalid('"$or" must be an array of at least two objects');
  }
  const matchers = alternatives.map(fieldsMatcher);
  return (value) => matchers.some((matcher) => matcher(value));
}

function fieldMatcher(name: string, expected: unknown): Matcher {
  if (isRecord(expected)) {
    if (Object.keys(expected).length === 0) {
      throw invalid(`Empty objects are not allowed: "${name}"`);
    }
    const nested = fieldsMatcher(expected);
    return (value) => nested(fieldOf(value, name));
  }
  if (!Array.isArray(expected)) {
    throw invalid(`"${name}" must be an object or an array`);
  }
  if (expected.length === 0) {
    throw invalid(`Empty arrays are not allowed: "${name}"`);
  }
  const alternatives = expected.map((one: unknown) => valueMatcher(one));
  return (value) => alternatives.some((alternative) => alternative(fieldOf(value, name)));
}

function valueMatcher(expected: unknown): Matcher {
  if (isScalar(expected)) {
    return anyElement((value) => value === expected);
  }
  if (!isRecord(expected)) {
    throw invalid(`Not a value to match: ${JSON.stringify(expected)}`);
  }
  const [operator, operand] = onlyEntry(expected);
  switch (operator) {
    case 'exists':
      return existsMatcher(operand);
    case 'anything-but':
      return anyElement(anythingBut(operand));
    case 'numeric':
      return anyElement(numeric(operand));
    default:
      return anyElement(text(operator, operand));
  }
}

/** "Exists" looks at leaves only: an object in that place counts as absent. */
function existsMatcher(operand: unknown): Matcher {
  if (typeof operand !== 'boolean') {
    throw invalid('exists match pattern must be either true or false');
  }
  return (value) => elements(value).some(isScalar) === operand;
}

function anythingBut(operand: unknown): Matcher {
  if (isRecord(operand)) {
    const [operator, operands] = onlyEntry(operand);
    const excluded = asList(operands).map((one) => text(operator, one));
    return (value) => !excluded.some((matches) => matches(value));
  }
  const excluded = asList(operand);
  if (excluded.length === 0 || !excluded.every((one) => typeof one === 'string' || typeof one === 'number')) {
    throw invalid('Inside anything-but list, start|null|boolean is not supported');
  }
  return (value) => !excluded.some((one) => one === value);
}

function numeric(operand: unknown): Matcher {
  const terms = asList(operand);
  if (terms.length !== 2 && terms.length !== 4) {
    throw invalid(`Too many or too few terms in a numeric match: ${JSON.stringify(operand)}`);
  }
  const comparisons = terms.flatMap((term, index) => (index % 2 === 0 ? [comparison(term, terms[index + 1])] : []));
  return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
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

function anyElement(matches: Matcher): Matcher {
  return (value) => elements(value).some((element) => isScalar(element) && matches(element));
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
