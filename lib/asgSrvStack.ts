import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AutoScalingGroup, type IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { AwsCustomResource } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { AsgSrvSync } from './asgSrvSync.ts';
import type { DeploymentContext } from './deploymentContext.ts';

/** What to deploy: usually the context of `cdk.json`, as `readDeploymentContext()` returns it. */
export interface AsgSrvStackProps extends StackProps, DeploymentContext {
  /** The bundled function. @default the folder `dist/function` that `npm run build` writes */
  readonly code?: Code;
}

/** A sync for one existing hosted zone, and the registration of existing groups: for operators who write no code. */
export class AsgSrvStack extends Stack {
  readonly sync: AsgSrvSync;

  constructor(scope: Construct, id: string, props: AsgSrvStackProps) {
    super(scope, id, props);
    this.sync = new AsgSrvSync(this, 'Sync', {
      hostedZone: HostedZone.fromHostedZoneAttributes(this, 'HostedZone', {
        hostedZoneId: props.hostedZoneId,
        zoneName: props.zoneName,
      }),
      ...(props.code === undefined ? {} : { code: props.code }),
    });
    const groups = new Construct(this, 'Groups');
    const groupByName = new Map<string, IAutoScalingGroup>();
    for (const { autoScalingGroup, ...settings } of props.clusters) {
      const group =
        groupByName.get(autoScalingGroup) ??
        AutoScalingGroup.fromAutoScalingGroupName(groups, autoScalingGroup, autoScalingGroup);
      groupByName.set(autoScalingGroup, group);
      this.sync.register(group, settings);
    }
    this.#configureTaggingFunction();
  }

  /** CDK's own function behind the tags of existing groups. */
  #configureTaggingFunction(): void {
    const provider = this.node.tryFindChild(`AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`);
    if (provider === undefined) {
      return;
    }
    // Not by `CustomResourceConfig`: it makes a log group beside the one that cdk.json's feature flag makes, and throws.
    for (const logGroup of provider.node.findAll().filter((construct) => construct instanceof CfnLogGroup)) {
      logGroup.retentionInDays = RetentionDays.ONE_MONTH;
      logGroup.applyRemovalPolicy(RemovalPolicy.DESTROY);
      // Else it may be deleted while the function still removes tags, and the function would make it anew, for good.
      for (const tags of this.node.findAll().filter((construct) => construct instanceof AwsCustomResource)) {
        tags.node.findChild('Resource').node.addDependency(logGroup);
      }
    }
    Validations.of(provider).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: 'CDK gives its own custom resource function this policy, which allows writing logs only',
    });
  }
}
