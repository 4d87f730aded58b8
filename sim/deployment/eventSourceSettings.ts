import type { AccessControl } from './accessControl.ts';
import type { EventSourceSettings } from './eventSource.ts';
import type { DeployedQueue } from './queues.ts';
import { eventSourceMappingType, functionType, resourcesOf } from './resources.ts';
import type { Template } from './template.ts';

/** The template's event source, and which function it feeds. */
export interface FunctionEventSource extends EventSourceSettings {
  readonly functionName: string;
}

// Lambda adds pollers up to this number where the mapping names none.
const concurrencyMaxDefault = 1250;
const concurrencyBounds = { min: 2, max: 1000 } as const;
const batchMessagesWithoutWindowMax = 10;

/**
 * Reads the template's one event source mapping. Throws an `Error`, in the words of Lambda where it has some, for settings that Lambda would
 * refuse: among them a role that may not read the queue.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function readEventSource(
  template: Template,
  access: AccessControl,
  queues: readonly DeployedQueue[],
): FunctionEventSource {
  const [mapping, ...others] = resourcesOf(template, eventSourceMappingType);
  if (mapping === undefined || others.length > 0) {
    throw new Error(
      `Cannot deploy the stack: it must have exactly one event source mapping: found ${others.length + (mapping === undefined ? 0 : 1)}`,
    );
  }
  const { properties } = mapping;
  const refuse = (reason: string): never => {
    throw new Error(`Cannot deploy event source mapping "${mapping.logicalId}": ${reason}`);
  };
  const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
  const target = resourcesOf(template, functionType).find(({ identity }) =>
    [identity.reference, identity.attributes['Arn']].includes(properties.FunctionName),
  );
  if (queue === undefined || target === undefined) {
    return refuse(
      `it must tie a queue to a function of the stack: found "${properties.EventSourceArn}" and "${properties.FunctionName}"`,
    );
  }
  const { BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig, FunctionResponseTypes } = properties;
  const concurrencyMax = ScalingConfig?.MaximumConcurrency ?? concurrencyMaxDefault;
  if (BatchSize > batchMessagesWithoutWindowMax && MaximumBatchingWindowInSeconds < 1) {
    refuse('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  if (
    ScalingConfig?.MaximumConcurrency !== undefined &&
    (concurrencyMax < concurrencyBounds.min || concurrencyMax > concurrencyBounds.max)
  ) {
    refuse(`MaximumConcurrency must be ${concurrencyBounds.min} to ${concurrencyBounds.max}: found ${concurrencyMax}`);
  }
  if (queue.visibilityTimeoutSeconds < target.properties.Timeout) {
    refuse(
      `Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than Function timeout: ${target.properties.Timeout} seconds`,
    );
  }
  const roleName = access.assume(target.properties.Role, 'lambda.amazonaws.com');
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    if (access.refusal(roleName, { service: 'sqs', action, input: { QueueUrl: queue.url } }) !== undefined) {
      refuse(`The function execution role does not have permissions to call ${action} on SQS`);
    }
  }
  return {
    functionName: target.identity.name,
    queueUrl: queue.url,
    batchMessagesMax: BatchSize,
    windowSeconds: MaximumBatchingWindowInSeconds,
    concurrencyMax,
    partialResponses: FunctionResponseTypes.length > 0,
    enabled: properties.Enabled,
  };
}
