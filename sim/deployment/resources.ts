import { z } from 'zod';
import type { Json } from './json.ts';
import type { Template, TemplateResource } from './template.ts';

// Strict objects: a property that the small AWS does not act on must be left out here, so that it is an error, or be listed as one that changes
// nothing that a test could see.
const ignored = z.unknown().optional();
const document = z.custom<Json>();
// CloudFormation takes numbers and booleans as text too.
const number = z.coerce.number();
const flag = z.union([z.boolean(), z.stringbool()]);

/** A resource type, or a family of types whose names begin alike, with the properties that the small AWS acts on. */
export interface ResourceType<Properties> {
  readonly name: string;
  readonly properties: z.ZodType<Properties>;
}

/** A standard queue. */
export const queueType = resourceType(
  'AWS::SQS::Queue',
  z.strictObject({
    QueueName: ignored,
    DelaySeconds: number.optional(),
    KmsMasterKeyId: z.string().optional(),
    MaximumMessageSize: number.optional(),
    MessageRetentionPeriod: number.optional(),
    ReceiveMessageWaitTimeSeconds: number.optional(),
    RedriveAllowPolicy: document.optional(),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: number }).optional(),
    SqsManagedSseEnabled: flag.optional(),
    VisibilityTimeout: number.optional(),
    Tags: ignored,
  }),
);

/** A policy of queues, by their URLs. */
export const queuePolicyType = resourceType(
  'AWS::SQS::QueuePolicy',
  z.strictObject({ Queues: z.array(z.string()), PolicyDocument: document }),
);

/** A rule of the default event bus. */
export const ruleType = resourceType(
  'AWS::Events::Rule',
  z.strictObject({
    Name: ignored,
    Description: ignored,
    EventBusName: z.literal('default').optional(),
    EventPattern: z.record(z.string(), z.unknown()).optional(),
    ScheduleExpression: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z
      .array(
        z.strictObject({
          Arn: z.string(),
          Id: z.string(),
          DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
          // Deliveries to a queue that exists and allows them do not fail here.
          RetryPolicy: ignored,
        }),
      )
      .default([]),
    Tags: ignored,
  }),
);

/** A function. */
export const functionType = resourceType(
  'AWS::Lambda::Function',
  z.strictObject({
    FunctionName: ignored,
    Architectures: ignored,
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Description: ignored,
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
    EphemeralStorage: ignored,
    Handler: z.string(),
    LoggingConfig: z
      .strictObject({
        LogGroup: z.string().optional(),
        LogFormat: ignored,
        ApplicationLogLevel: ignored,
        SystemLogLevel: ignored,
      })
      .optional(),
    MemorySize: number.default(128),
    RecursiveLoop: ignored,
    Role: z.string(),
    Runtime: z.string().regex(/^nodejs/),
    Timeout: number.default(3),
    TracingConfig: ignored,
    Tags: ignored,
  }),
);

/** What has a function read a queue. */
export const eventSourceMappingType = resourceType(
  'AWS::Lambda::EventSourceMapping',
  z.strictObject({
    BatchSize: number.default(10),
    Enabled: flag.default(true),
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    MaximumBatchingWindowInSeconds: number.default(0),
    MetricsConfig: ignored,
    ScalingConfig: z.strictObject({ MaximumConcurrency: number.optional() }).optional(),
    Tags: ignored,
  }),
);

/** An execution role. */
export const roleType = resourceType(
  'AWS::IAM::Role',
  z.strictObject({
    RoleName: ignored,
    AssumeRolePolicyDocument: document,
    Description: ignored,
    ManagedPolicyArns: z.array(z.string()).default([]),
    Policies: z.array(z.strictObject({ PolicyDocument: document, PolicyName: z.string() })).default([]),
    Tags: ignored,
  }),
);

/** An inline policy of roles, by their names. */
export const policyType = resourceType(
  'AWS::IAM::Policy',
  z.strictObject({
    PolicyDocument: document,
    PolicyName: z.string(),
    Roles: z.array(z.string()).default([]),
  }),
);

/** A lifecycle hook of a group, by its name. */
export const lifecycleHookType = resourceType(
  'AWS::AutoScaling::LifecycleHook',
  z.strictObject({
    AutoScalingGroupName: z.string(),
    DefaultResult: z.string().optional(),
    HeartbeatTimeout: number.optional(),
    LifecycleHookName: ignored,
    LifecycleTransition: z.string(),
    NotificationMetadata: z.string().optional(),
  }),
);

/** A custom resource of CDK's `AwsCustomResource`; its type is whatever its construct calls it. */
export const awsCallType = resourceType(
  'Custom::',
  z.strictObject({
    ServiceToken: z.string(),
    Create: z.string().optional(),
    // What a stack does when it changes or ends is not run here.
    Update: ignored,
    Delete: ignored,
    InstallLatestAwsSdk: ignored,
  }),
);

/** A resource with the properties of its type. */
export interface TypedResource<Properties> extends Omit<TemplateResource, 'properties'> {
  readonly properties: Properties;
}

/** The resources of one type. Throws an `Error` for a property that the small AWS does not act on. */
export function resourcesOf<Properties>(
  template: Template,
  { name, properties }: ResourceType<Properties>,
): readonly TypedResource<Properties>[] {
  return template.resources
    .filter(({ type }) => (name.endsWith('::') ? type.startsWith(name) : type === name))
    .map((resource) => {
      const parsed = properties.safeParse(resource.properties);
      if (!parsed.success) {
        throw new Error(
          `Cannot deploy resource "${resource.logicalId}" of type "${name}": ${z.prettifyError(parsed.error)}`,
        );
      }
      return { ...resource, properties: parsed.data };
    });
}

function resourceType<Properties>(name: string, properties: z.ZodType<Properties>): ResourceType<Properties> {
  return { name, properties };
}
