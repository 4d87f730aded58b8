import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges, for cdk-nag, that a policy below `scope` allows a resource whose ARN holds a wildcard.
 *
 * cdk-nag names the finding by the ARN as rendered, with references in angle brackets; what cannot be named so stays reported.
 */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string): void {
  const resource = rendered(Stack.of(scope).resolve(arn));
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

function rendered(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const parts: unknown = value['Fn::Join'][1];
    return Array.isArray(parts) ? parts.map(rendered).join('') : '';
  }
  return 'Ref' in value ? `<${String(value.Ref)}>` : JSON.stringify(value);
}
