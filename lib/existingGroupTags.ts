import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct, type IDependable } from 'constructs';
import { acknowledgeWildcard } from './acknowledgeWildcard.ts';

/** Which group to tag, and with what. */
export interface ExistingGroupTagsProps {
  /** A group that this app does not create. */
  readonly autoScalingGroup: IAutoScalingGroup;
  /** Values by tag key. */
  readonly tags: Readonly<Record<string, string>>;
  /** What must exist before the tags do. */
  readonly after: readonly IDependable[];
}

/**
 * Tags on a group that exists already: written at deployment, deleted with the stack.
 *
 * CloudFormation tags a group only as a part of the resource that makes it, so this takes a custom resource: CDK's own
 * `AwsCustomResource`, whose one function per stack calls the SDK of its runtime, and may tag this group with these keys and no other.
 */
export class ExistingGroupTags extends Construct {
  constructor(scope: Construct, id: string, props: ExistingGroupTagsProps) {
    super(scope, id);
    const { autoScalingGroupName } = props.autoScalingGroup;
    if (/[*?]/.test(autoScalingGroupName)) {
      // In the ARN of a policy they would stand for other groups, too.
      throw new RangeError(
        `Cannot tag existing group "${autoScalingGroupName}": its name must hold no "*" and no "?": tag it by other means`,
      );
    }
    const tag = { ResourceId: autoScalingGroupName, ResourceType: 'auto-scaling-group' };
    const keys = Object.keys(props.tags);
    const write = {
      service: 'AutoScaling',
      action: 'CreateOrUpdateTags',
      parameters: {
        // An instance's own tags are an operator's word, so none of the group's may reach its instances.
        Tags: Object.entries(props.tags).map(([Key, Value]) => ({ ...tag, Key, Value, PropagateAtLaunch: false })),
      },
      physicalResourceId: PhysicalResourceId.of(autoScalingGroupName),
    };
    const groupArn = Stack.of(this).formatArn({
      service: 'autoscaling',
      resource: 'autoScalingGroup',
      resourceName: `*:autoScalingGroupName/${autoScalingGroupName}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const resource = new AwsCustomResource(this, 'Resource', {
      resourceType: 'Custom::AsgSrvGroupTags',
      onCreate: write,
      onUpdate: write,
      onDelete: {
        service: 'AutoScaling',
        action: 'DeleteTags',
        parameters: { Tags: keys.map((Key) => ({ ...tag, Key })) },
        // A group that was deleted before its stack answers so; its tags went with it.
        ignoreErrorCodesMatching: 'ValidationError',
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({
          actions: ['autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
          resources: [groupArn],
          conditions: {
            // The first is true of a request that names no key at all, hence the second:
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
            'ForAllValues:StringEquals': { 'aws:TagKeys': keys },
            Null: { 'aws:TagKeys': 'false' },
          },
        }),
      ]),
    });
    // Only the call itself waits: its permission is made early, so that it has taken effect by then.
    resource.node.findChild('Resource').node.addDependency(...props.after);
    acknowledgeWildcard(
      this,
      groupArn,
      'The ARN of a group holds an id of its own; the group is given by its full name',
    );
  }
}
