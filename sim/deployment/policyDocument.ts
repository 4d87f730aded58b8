import { z } from 'zod';
import type { Json } from './json.ts';

/** A statement of an IAM policy with its shorthands written out. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Whom a resource's policy speaks of: `AWS:*`, `Service:events.amazonaws.com`; empty in a role's policy. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** The actions are the ones that it does not speak of. */
  readonly notAction: boolean;
  readonly resources: readonly string[];
  /** The resources are the ones that it does not speak of. */
  readonly notResource: boolean;
  readonly conditions: readonly Condition[];
}

/** One key of a statement's condition block. */
export interface Condition {
  /** As written, such as `ForAllValues:StringLike` or `ArnEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const oneOrMore = z.union([scalar.transform((value) => [value]), z.array(scalar)]);
const principal = z.union([z.literal('*').transform(() => ({ AWS: ['*'] })), z.record(z.string(), oneOrMore)]);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.union([statementSchema.transform((statement) => [statement]), z.array(statementSchema)]),
});

/**
 * Reads a policy document of a template. Throws a `ZodError` for a member it does not know.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicyDocument(document: Json): readonly Statement[] {
  return documentSchema.parse(document).Statement.map((statement) => ({
    effect: statement.Effect,
    principals: Object.entries(statement.Principal ?? {}).flatMap(([type, names]) =>
      names.map((name) => `${type}:${name}`),
    ),
    actions: statement.NotAction ?? statement.Action ?? [],
    notAction: statement.NotAction !== undefined,
    resources: statement.NotResource ?? statement.Resource ?? [],
    notResource: statement.NotResource !== undefined,
    conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
  }));
}
