import { z } from 'zod';
import type { Deployment } from '../deployment/deployment.ts';
import type { World } from '../world.ts';
import { counted } from './counted.ts';
import type { Evidence, Expectation } from './expectations.ts';
import { logEntries } from './functionLog.ts';
import { operatorPrincipal } from './operator.ts';

/** What the services answer where a policy does not allow a call. */
const denials: readonly string[] = ['AccessDenied', 'UnauthorizedOperation'];

/** What had to hold of the function's own running: its role, its queue, its invocations. */
export function functionExpectations({ world, deployment }: Evidence): readonly Expectation[] {
  return [
    deniedExpectation(deployment),
    deadLetterExpectation(world, deployment),
    failureExpectation(world, deployment),
  ];
}

function deniedExpectation({ calls }: Deployment): Expectation {
  const own = calls.filter(({ principal }) => principal !== operatorPrincipal);
  const denied = own.filter(({ error }) => denials.includes(error?.name ?? ''));
  const names = new Set(denied.map(({ service, action }) => `${service}:${action}`));
  return {
    text: "No call was denied by the role's policy",
    held: denied.length === 0 && own.length > 0,
    figures:
      denied.length === 0
        ? `${counted(own.length, 'call')} checked`
        : `${denied.length} of ${counted(own.length, 'call')}: ${[...names].join(', ')}`,
  };
}

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

function deadLetterExpectation(world: World, { queueUrls }: Deployment): Expectation {
  const queues = Object.values(queueUrls).map(
    (url) => world.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] }).Attributes ?? {},
  );
  const targets = queues.flatMap(({ RedrivePolicy: policy }) =>
    policy === undefined ? [] : [redriveSchema.parse(JSON.parse(policy)).deadLetterTargetArn],
  );
  const letters = queues
    .filter(({ QueueArn: arn }) => targets.includes(arn ?? ''))
    .reduce((sum, { ApproximateNumberOfMessages: count }) => sum + Number(count), 0);
  return {
    text: 'No message became a dead letter',
    held: letters === 0 && targets.length > 0,
    figures: counted(letters, 'dead letter'),
  };
}

function failureExpectation(world: World, { invocations, logs }: Deployment): Expectation {
  // The world notes each invocation that failed and each message that a function gave back.
  const failures = world.happenings.filter(({ source }) => source === 'lambda').length;
  const errors = logEntries(logs).filter(({ level }) => level === 'ERROR' || level === 'CRITICAL');
  return {
    text: 'No invocation failed, no message came back, no error was logged',
    held: failures === 0 && errors.length === 0 && invocations.length > 0,
    figures:
      failures + errors.length === 0
        ? counted(invocations.length, 'invocation')
        : `${counted(failures, 'failure')}, ${counted(errors.length, 'logged error')}${errors[0] === undefined ? '' : `: ${errors[0].message}`}`,
  };
}
