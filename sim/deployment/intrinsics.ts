import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** What a template's intrinsic functions are resolved against. */
export interface Scope {
  /** Values of `Ref`: parameters, pseudo parameters and resources, by name; `undefined` for a name that there is none of. */
  readonly reference: (name: string) => Json | undefined;
  /** Values of `Fn::GetAtt`; `undefined` for an attribute that there is none of. */
  readonly attribute: (logicalId: string, attribute: string) => Json | undefined;
  /** The template's `Conditions`. */
  readonly conditions: JsonObject;
}

type Intrinsic = (operand: Json, scope: Scope) => Json | undefined;

/**
 * Resolves the intrinsic functions in a value of a template. Members that come to `AWS::NoValue` are left out. Throws an `Error` that names
 * the function or the name it does not know.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolveIntrinsics(value: Json, scope: Scope): Json {
  const resolved = resolve(value, scope);
  if (resolved === undefined) {
    throw new Error('Cannot resolve a value of the template: it comes to AWS::NoValue where a value is needed');
  }
  return resolved;
}

/** Whether a condition of the template holds. Throws an `Error` where the template has no such condition. */
export function conditionHolds(name: string, scope: Scope): boolean {
  const condition = scope.conditions[name];
  if (condition === undefined) {
    throw new Error(`Cannot resolve condition "${name}": the template has no such condition`);
  }
  return evaluate(condition, scope);
}

function resolve(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((item: Json) => resolve(item, scope)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const [entry, ...others] = Object.entries(value);
  if (entry !== undefined && others.length === 0 && (entry[0] === 'Ref' || entry[0].startsWith('Fn::'))) {
    const intrinsic = intrinsics[entry[0]];
    if (intrinsic === undefined) {
      throw new Error(`Cannot resolve intrinsic function "${entry[0]}": it is not supported here`);
    }
    return intrinsic(entry[1], scope);
  }
  const resolved: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const memberResolved = resolve(member, scope);
    if (memberResolved !== undefined) {
      resolved[key] = memberResolved;
    }
  }
  return resolved;
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (operand, scope) => {
    const name = text(operand, 'Ref');
    if (name === 'AWS::NoValue') {
      return undefined;
    }
    const value = scope.reference(name);
    if (value === undefined) {
      throw new Error(`Cannot resolve Ref "${name}": the template has no such parameter or resource`);
    }
    return value;
  },
  'Fn::GetAtt': (operand, scope) => {
    const [logicalId, ...attribute] = typeof operand === 'string' ? operand.split('.') : texts(operand, 'Fn::GetAtt');
    return attributeOf(logicalId ?? '', attribute.join('.'), scope);
  },
  'Fn::Join': (operand, scope) => {
    const [delimiter, items] = list(operand, 'Fn::Join');
    return texts(resolve(items ?? null, scope) ?? null, 'Fn::Join').join(text(delimiter ?? null, 'Fn::Join'));
  },
  'Fn::Split': (operand, scope) => {
    const [delimiter, source] = list(operand, 'Fn::Split');
    return text(resolve(source ?? null, scope) ?? null, 'Fn::Split').split(text(delimiter ?? null, 'Fn::Split'));
  },
  'Fn::Select': (operand, scope) => {
    const [index, items] = list(resolve(operand, scope) ?? null, 'Fn::Select');
    const selected = list(items ?? null, 'Fn::Select')[Number(index)];
    if (selected === undefined) {
      throw new Error(`Cannot resolve Fn::Select: there is no item ${JSON.stringify(index)}`);
    }
    return selected;
  },
  'Fn::Sub': (operand, scope) => {
    const [template, variables] = typeof operand === 'string' ? [operand] : list(operand, 'Fn::Sub');
    const own = isJsonObject(variables) ? variables : {};
    return text(template ?? null, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal !== '') {
        return `\${${name}}`;
      }
      const ownValue = own[name];
      return text(ownValue === undefined ? named(name, scope) : (resolve(ownValue, scope) ?? null), 'Fn::Sub');
    });
  },
  'Fn::If': (operand, scope) => {
    const [condition, whenTrue, whenFalse] = list(operand, 'Fn::If');
    return resolve((conditionHolds(text(condition ?? null, 'Fn::If'), scope) ? whenTrue : whenFalse) ?? null, scope);
  },
};

function named(name: string, scope: Scope): Json {
  const [logicalId, ...attribute] = name.split('.');
  return attribute.length === 0
    ? resolveIntrinsics({ Ref: name }, scope)
    : attributeOf(logicalId ?? '', attribute.join('.'), scope);
}

function attributeOf(logicalId: string, attribute: string, scope: Scope): Json {
  const value = scope.attribute(logicalId, attribute);
  if (value === undefined) {
    throw new Error(`Cannot resolve Fn::GetAtt "${logicalId}.${attribute}": there is no such resource or attribute`);
  }
  return value;
}

function evaluate(condition: Json, scope: Scope): boolean {
  const [entry] = isJsonObject(condition) ? Object.entries(condition) : [];
  switch (entry?.[0]) {
    case 'Condition':
      return conditionHolds(text(entry[1], 'Condition'), scope);
    case 'Fn::Equals': {
      const [left, right] = list(resolve(entry[1], scope) ?? null, 'Fn::Equals');
      return text(left ?? null, 'Fn::Equals') === text(right ?? null, 'Fn::Equals');
    }
    case 'Fn::Not':
      return !list(entry[1], 'Fn::Not').every((item) => evaluate(item, scope));
    case 'Fn::And':
      return list(entry[1], 'Fn::And').every((item) => evaluate(item, scope));
    case 'Fn::Or':
      return list(entry[1], 'Fn::Or').some((item) => evaluate(item, scope));
    default:
      throw new Error(`Cannot evaluate a condition of the template: found ${JSON.stringify(condition)}`);
  }
}

function text(value: Json, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new Error(`Cannot resolve ${where}: a string is needed: found ${JSON.stringify(value)}`);
}

function list(value: Json, where: string): readonly Json[] {
  if (Array.isArray(value)) {
    return value;
  }
  throw new Error(`Cannot resolve ${where}: a list is needed: found ${JSON.stringify(value)}`);
}

function texts(value: Json, where: string): readonly string[] {
  return list(value, where).map((item) => text(item, where));
}
