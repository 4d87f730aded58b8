import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges, for cdk-nag, that a policy below `scope` allows a resource whose ARN holds a wildcard.
 *
 * cdk-nag names the finding by the ARN as rendered, with references in angle brackets; what cannot be named so stays reported. With its own
 * name in front CDK does the matching, which takes spaces, as a group's name may have them, for the hyphens that it writes.
 */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string): void {
  const id = `AwsSolutions-IAM5[Resource::${rendered(Stack.of(scope).resolve(arn))}]`;
  Validations.of(scope).acknowledge({ id: `AwsSolutions::${id}`, reason });
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
