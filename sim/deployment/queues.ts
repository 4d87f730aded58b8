import type { World } from '../world.ts';
import { queueType, resourcesOf } from './resources.ts';
import type { Template } from './template.ts';

/** A queue of the stack. */
export interface DeployedQueue {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Whether its messages are encrypted under a key of KMS, whose own policy EventBridge then needs too. */
  readonly encryptedByKey: boolean;
  readonly visibilityTimeoutSeconds: number;
}

const visibilityTimeoutSecondsDefault = 30;

/** Creates the template's queues with their attributes. Throws an `AwsError` for one that SQS would not take. */
export function createQueues(world: World, template: Template): readonly DeployedQueue[] {
  return resourcesOf(template, queueType).map(({ logicalId, identity, properties }) => {
    const { QueueName: _name, Tags: _tags, ...attributes } = properties;
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
    world.sqs.createQueue({
      QueueName: identity.name,
      Attributes: Object.fromEntries(
        given.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
      ),
    });
    return {
      logicalId,
      name: identity.name,
      arn: identity.attributes['Arn'] ?? '',
      url: identity.reference,
      encryptedByKey: properties.KmsMasterKeyId !== undefined,
      visibilityTimeoutSeconds: properties.VisibilityTimeout ?? visibilityTimeoutSecondsDefault,
    };
  });
}
