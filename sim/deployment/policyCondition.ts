import { matchesWildcard } from './matchesWildcard.ts';
import type { Condition } from './policyDocument.ts';

/** What a request says under one condition key: a list for a key that AWS documents as multivalued, else a single value. */
type ContextValue = string | readonly string[];

/** The condition keys of a request; a key that the request does not carry is absent. */
export type RequestContext = Readonly<Record<string, ContextValue>>;

type Comparison = (found: string, wanted: string) => boolean;

interface Operator {
  readonly compare: Comparison;
  readonly negated?: boolean;
}

const ignoringCase: Comparison = (found, wanted) => found.toLowerCase() === wanted.toLowerCase();
const equal: Comparison = (found, wanted) => found === wanted;
const numeric =
  (compare: (found: number, wanted: number) => boolean): Comparison =>
  (found, wanted) =>
    compare(Number(found), Number(wanted));
const instant =
  (compare: (found: number, wanted: number) => boolean): Comparison =>
  (found, wanted) =>
    compare(Date.parse(found), Date.parse(wanted));

// In an ARN each part between colons matches for itself; the sixth and last may hold colons.
const arnParts = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};
const arn: Comparison = (found, wanted) => {
  const foundParts = arnParts(found);
  return arnParts(wanted).every((part, index) => matchesWildcard(foundParts[index] ?? '', part));
};

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: ignoringCase },
  StringNotEqualsIgnoreCase: { compare: ignoringCase, negated: true },
  StringLike: { compare: matchesWildcard },
  StringNotLike: { compare: matchesWildcard, negated: true },
  ArnEquals: { compare: arn },
  ArnLike: { compare: arn },
  ArnNotEquals: { compare: arn, negated: true },
  ArnNotLike: { compare: arn, negated: true },
  Bool: { compare: ignoringCase },
  NumericEquals: { compare: numeric((found, wanted) => found === wanted) },
  NumericNotEquals: { compare: numeric((found, wanted) => found === wanted), negated: true },
  NumericLessThan: { compare: numeric((found, wanted) => found < wanted) },
  NumericLessThanEquals: { compare: numeric((found, wanted) => found <= wanted) },
  NumericGreaterThan: { compare: numeric((found, wanted) => found > wanted) },
  NumericGreaterThanEquals: { compare: numeric((found, wanted) => found >= wanted) },
  DateLessThan: { compare: instant((found, wanted) => found < wanted) },
  DateGreaterThan: { compare: instant((found, wanted) => found > wanted) },
};

/**
 * Whether one condition of a statement holds for a request. An absent key makes `ForAllValues` and negated operators true, and all others
 * false; a key of several values needs `ForAllValues` or `ForAnyValue`. Throws an `Error` for an operator that is not known, for a policy
 * variable, and for a multivalued key without one of the two, whose outcome AWS leaves open.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function conditionHolds({ operator: written, key, values }: Condition, context: RequestContext): boolean {
  const [, quantifier, name = written, ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(written) ?? [];
  const found = contextValue(key, context);
  const absent = found === undefined || (typeof found !== 'string' && found.length === 0);
  if (name === 'Null' && ifExists === undefined) {
    return values.some((value) => ignoringCase(String(absent), value));
  }
  const operator = operators[name];
  if (operator === undefined) {
    throw new Error(`Cannot evaluate condition operator "${written}" of key "${key}": it is not supported here`);
  }
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) {
    throw new Error(
      `Cannot evaluate condition on key "${key}": policy variables are not supported here: found "${variable}"`,
    );
  }
  if (absent) {
    const byDefault = quantifier === undefined ? operator.negated === true : quantifier === 'ForAllValues:';
    return ifExists !== undefined || byDefault;
  }
  const holds = (value: string): boolean =>
    values.some((wanted) => operator.compare(value, wanted)) !== (operator.negated ?? false);
  if (typeof found === 'string') {
    return holds(found);
  }
  if (quantifier === undefined) {
    throw new Error(
      `Cannot evaluate condition "${written}" on key "${key}": the key is multivalued and needs "ForAllValues:" or "ForAnyValue:"`,
    );
  }
  return quantifier === 'ForAllValues:' ? found.every(holds) : found.some(holds);
}

// Names of condition keys are not case-sensitive, but the name of a tag within one is.
function contextValue(key: string, context: RequestContext): ContextValue | undefined {
  const normalized = normalizedKey(key);
  return Object.entries(context).find(([name]) => normalizedKey(name) === normalized)?.[1];
}

function normalizedKey(key: string): string {
  const [name = '', ...tag] = key.split('/');
  return [name.toLowerCase(), ...tag].join('/');
}
