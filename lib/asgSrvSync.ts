import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Duration, RemovalPolicy, Resource, Stack, Tags, Token } from 'aws-cdk-lib';
import type { IAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings } from '../lambda/settings.ts';
import { acknowledgeWildcard } from './acknowledgeWildcard.ts';
import { ExistingGroupTags } from './existingGroupTags.ts';
import { groupTags } from './groupTags.ts';
import { addLifecycleHooks } from './lifecycleHooks.ts';
import type { RegistrationSettings } from './registrationSettings.ts';
import { resolveRegistration } from './resolveRegistration.ts';
import { syncPermissions } from './syncPermissions.ts';
import { TriggerRules } from './triggerRules.ts';

const functionFolder = join(import.meta.dirname, '..', 'dist', 'function');

/**
 * Measured on Node.js 24: the bundle takes 82 MB once loaded, and a page of 1,000 instances (3 MB of XML) 190 MB and 0.15 to 0.35 s of a whole
 * processor. 256 MB would leave little room, and an eighth of a processor would take two seconds for it; 512 MB is a quarter of one
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: 1,769 MB is one).
 */
const functionMemoryMegabytes = 512;
/**
 * A pass takes seconds. This leaves room for throttled calls that the SDK retries, yet a stuck pass is retried within six minutes. And no write
 * leaves later after its plan than this: the function counts on it (`writeSecondsMax` in limits.ts).
 */
const functionTimeoutSeconds = 60;
/** As few passes as possible for many messages at once: fifty launches within two seconds are a few passes. */
const batchMessagesMax = 1000;
const batchWindowSeconds = 1;
/** Enough that a pass held up by one cluster's throttled calls does not hold up the others; few enough for Route 53's five calls a second. */
const functionConcurrencyMax = 5;
/** SQS's own default, said aloud: what waits longer, a sweep has long made up for. */
const retentionDays = 4;
/** The least that AWS advises, so that a throttled function does not lose messages: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const receivesMax = 5;
/** The registry entry repeats the deployment's name in each cluster's TXT record. */
const stackNameCharactersMax = 100;

/** What a sync needs to know. */
export interface AsgSrvSyncProps {
  /** The zone that holds the records, private or public. Its name must be lower case. */
  readonly hostedZone: IHostedZone;
  /** The bundled function, whose `handler.mjs` exports `handler`. @default the folder `dist/function` that `npm run build` writes */
  readonly code?: Code;
  /** How long the function's log is kept. @default one month */
  readonly logRetention?: RetentionDays;
}

/**
 * Keeps the SRV records of a hosted zone in step with the Auto Scaling groups of this account and Region: a queue that triggers and a
 * one-minute sweep go to, and the function that reads it.
 *
 * One sync per stack and zone: its account, Region and stack name are its name in the registry entries.
 */
export class AsgSrvSync extends Construct {
  /** Takes triggers; any message that names groups, instances or clusters wakes the function for them. */
  readonly queue: IQueue;
  /** Takes what failed repeatedly or could not be delivered. */
  readonly deadLetterQueue: IQueue;
  readonly function: LambdaFunction;

  readonly #hostedZone: IHostedZone;
  /** Service by cluster: one name has one `_service` label. */
  readonly #services = new Map<string, string>();
  readonly #groupNames = new Set<string>();

  constructor(scope: Construct, id: string, props: AsgSrvSyncProps) {
    super(scope, id);
    this.#hostedZone = props.hostedZone;
    checkZoneName(props.hostedZone.zoneName);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      // Not a KMS key: its policy would have to let EventBridge in, or nothing arrives.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retentionDays),
      visibilityTimeout: Duration.seconds(6 * functionTimeoutSeconds + batchWindowSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: receivesMax },
    });
    this.function = this.#createFunction(props);
    new TriggerRules(this, 'Triggers', { queue: this.queue, deadLetterQueue: this.deadLetterQueue });
  }

  /**
   * Puts a group into a cluster: its two lifecycle hooks and its tags. The group may be made in this app or exist already
   * (`AutoScalingGroup.fromAutoScalingGroupName`). Instances older than the hooks are registered by the sweep.
   *
   * @throws RangeError naming the bad setting and the value found
   * @throws Error if the group is registered already, or its cluster with another service
   */
  register(group: IAutoScalingGroup, settings: RegistrationSettings): void {
    const { autoScalingGroupName: groupName } = group;
    const label = Token.isUnresolved(groupName) ? group.node.path : groupName;
    const { zoneName } = this.#hostedZone;
    const registration = resolveRegistration(settings, label, Token.isUnresolved(zoneName) ? undefined : zoneName);
    const { cluster, service } = registration;
    if (this.#groupNames.has(groupName)) {
      throw new Error(
        `Cannot register group "${label}": it is registered already: found it again for cluster "${cluster}"`,
      );
    }
    const clusterService = this.#services.get(cluster) ?? service;
    if (clusterService !== service) {
      throw new Error(
        `Cannot register group "${label}": service must be the same for every group of cluster "${cluster}", ` +
          `which has "${clusterService}": found "${service}"`,
      );
    }
    this.#groupNames.add(groupName);
    this.#services.set(cluster, service);

    const hooks = addLifecycleHooks(group, registration);
    if (Stack.of(group) === Stack.of(this)) {
      // No instance waits in a hook that nothing answers yet, or any more. Across stacks this could be a cycle.
      for (const hook of hooks) {
        hook.node.addDependency(this);
      }
    }
    const tags = groupTags(registration, zoneName);
    if (Resource.isOwnedResource(group)) {
      for (const [key, value] of Object.entries(tags)) {
        Tags.of(group).add(key, value, {
          // An instance's own tags are an operator's word, so none of the group's may reach its instances.
          applyToLaunchedInstances: false,
          includeResourceTypes: ['AWS::AutoScaling::AutoScalingGroup'],
        });
      }
    } else {
      // The tags opt in, so the hooks come first and go last.
      new ExistingGroupTags(group, 'SrvTags', { autoScalingGroup: group, tags, after: hooks });
    }
  }

  #createFunction(props: AsgSrvSyncProps): LambdaFunction {
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own, as the one CDK makes carries a managed policy that may write to every log group.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const { statement, wildcard } of syncPermissions(this, props.hostedZone)) {
      role.addToPolicy(statement);
      if (wildcard !== undefined) {
        acknowledgeWildcard(role, wildcard.resource, wildcard.reason);
      }
    }
    this.queue.grantSendMessages(role);
    const settings: Settings = {
      HOSTED_ZONE_ID: props.hostedZone.hostedZoneId,
      ZONE_NAME: props.hostedZone.zoneName,
      DEPLOYMENT_ID: this.#deploymentId(),
      QUEUE_URL: this.queue.queueUrl,
    };
    const syncFunction = new LambdaFunction(this, 'Function', {
      description: 'Keeps Route 53 SRV records in step with EC2 Auto Scaling groups',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: props.code ?? bundledCode(),
      handler: 'handler.handler',
      memorySize: functionMemoryMegabytes,
      timeout: Duration.seconds(functionTimeoutSeconds),
      role,
      logGroup,
      environment: {
        ...settings,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: 'asg-srv',
        POWERTOOLS_METRICS_NAMESPACE: 'asg-srv',
      },
    });
    syncFunction.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: batchMessagesMax,
        maxBatchingWindow: Duration.seconds(batchWindowSeconds),
        reportBatchItemFailures: true,
        maxConcurrency: functionConcurrencyMax,
      }),
    );
    return syncFunction;
  }

  #deploymentId(): string {
    const { stackName } = Stack.of(this);
    if (stackName.length > stackNameCharactersMax) {
      throw new RangeError(
        `Cannot name the deployment after its stack: the stack's name must have at most ${stackNameCharactersMax} characters: found "${stackName}"`,
      );
    }
    return `${Aws.ACCOUNT_ID}/${Aws.REGION}/${Aws.STACK_NAME}`;
  }
}

function checkZoneName(zoneName: string): void {
  // Route 53 lists names in lower case, and its IAM condition keys hold no trailing dot.
  if (!Token.isUnresolved(zoneName) && (zoneName !== zoneName.toLowerCase() || zoneName.endsWith('.'))) {
    throw new RangeError(
      `Cannot keep records in the hosted zone: zoneName must be lower case, without trailing dot: found "${zoneName}"`,
    );
  }
}

function bundledCode(): Code {
  if (!existsSync(join(functionFolder, 'handler.mjs'))) {
    throw new Error(
      `Cannot find the bundled function: run "npm run build" first: found no "${join(functionFolder, 'handler.mjs')}"`,
    );
  }
  return Code.fromAsset(functionFolder);
}
