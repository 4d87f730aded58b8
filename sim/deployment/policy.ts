import { matchesWildcard } from './matchesWildcard.ts';
import { conditionHolds, type RequestContext } from './policyCondition.ts';
import type { Statement } from './policyDocument.ts';

/** One thing that a call needs permission for: an action on a resource, with the condition keys of the request. */
export interface PolicyRequest {
  /** Such as `ec2:CreateTags`. */
  readonly action: string;
  /** The ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** What a set of statements says to a request. Silence is no permission. */
export type Verdict = 'allowed' | 'denied' | 'silent';

/**
 * What a role's statements say to a request: a deny wins over any allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(statements: readonly Statement[], request: PolicyRequest): Verdict {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ effect }) => effect === 'Deny')) {
    return 'denied';
  }
  return applying.length > 0 ? 'allowed' : 'silent';
}

/** What a resource's own policy says to a request made by a principal, such as `Service:events.amazonaws.com` or `AWS:arn:aws:iam::…:role/r`. */
export function evaluateResourcePolicy(
  statements: readonly Statement[],
  principal: string,
  request: PolicyRequest,
): Verdict {
  const mine = statements.filter(({ principals }) =>
    principals.some((named) => named === principal || named === 'AWS:*'),
  );
  return evaluatePolicy(mine, request);
}

function applies(statement: Statement, { action, resource, context }: PolicyRequest): boolean {
  const actionNamed = statement.actions.some((pattern) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase()));
  // A trust policy names no resource: it speaks of the role that carries it.
  const resourceNamed =
    statement.resources.length === 0 || statement.resources.some((pattern) => matchesWildcard(resource, pattern));
  return (
    actionNamed !== statement.notAction &&
    resourceNamed !== statement.notResource &&
    statement.conditions.every((condition) => conditionHolds(condition, context))
  );
}
