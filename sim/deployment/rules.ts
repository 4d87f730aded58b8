import type { EventBridgeEvent, EventTarget } from '../eventBridge.ts';
import type { World } from '../world.ts';
import type { AccessControl } from './accessControl.ts';
import type { DeployedQueue } from './queues.ts';
import { resourcesOf, ruleType } from './resources.ts';
import type { Template } from './template.ts';

const secondsByUnit: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/**
 * Creates the template's rules on the default event bus, with queues for targets. Throws an `Error` for a target that is no queue of the stack.
 */
export function createRules(
  world: World,
  template: Template,
  access: AccessControl,
  queues: readonly DeployedQueue[],
): void {
  for (const { logicalId, identity, properties } of resourcesOf(template, ruleType)) {
    const queueOf = (arn: string): DeployedQueue => {
      const queue = queues.find((candidate) => candidate.arn === arn);
      if (queue === undefined) {
        throw new Error(`Cannot deploy rule "${logicalId}": a target must be a queue of the stack: found "${arn}"`);
      }
      return queue;
    };
    const ruleArn = identity.attributes['Arn'] ?? '';
    world.eventBridge.putRule({
      name: identity.name,
      enabled: properties.State === 'ENABLED',
      ...(properties.EventPattern === undefined ? {} : { pattern: properties.EventPattern }),
      ...(properties.ScheduleExpression === undefined
        ? {}
        : { scheduleSeconds: scheduleSeconds(properties.ScheduleExpression) }),
      targets: properties.Targets.map(({ Arn, DeadLetterConfig }) => {
        const queue = queueOf(Arn);
        const deadLetterQueue = DeadLetterConfig === undefined ? undefined : queueOf(DeadLetterConfig.Arn);
        return deliverer(world, access, ruleArn, queue, deadLetterQueue);
      }),
    });
  }
}

// A refusal is not retried: the event goes to the target's dead-letter queue at once, if that one lets it in.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
function deliverer(
  world: World,
  access: AccessControl,
  ruleArn: string,
  queue: DeployedQueue,
  deadLetterQueue: DeployedQueue | undefined,
): EventTarget {
  // A key of KMS lets EventBridge in by its own policy, which no template here has.
  const mayDeliver = (to: DeployedQueue): boolean => !to.encryptedByKey && access.mayDeliver(ruleArn, to.arn);
  const send = (to: DeployedQueue, event: EventBridgeEvent): void => {
    world.sqs.sendMessage({ QueueUrl: to.url, MessageBody: JSON.stringify(event) });
  };
  return (event) => {
    const what = `event "${event['detail-type']}"`;
    if (mayDeliver(queue)) {
      send(queue, event);
    } else if (deadLetterQueue !== undefined && mayDeliver(deadLetterQueue)) {
      world.happened(
        'eventbridge',
        `${what} went to ${deadLetterQueue.name}: ${queue.name} does not let ${ruleArn} send`,
      );
      send(deadLetterQueue, event);
    } else {
      world.happened('eventbridge', `${what} is lost: ${queue.name} does not let ${ruleArn} send`);
    }
  };
}

function scheduleSeconds(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = secondsByUnit[unit ?? ''];
  if (seconds === undefined) {
    throw new Error(`Cannot deploy a schedule: only rate() is supported here: found "${expression}"`);
  }
  return Number(count) * seconds;
}
