import type { WakeUps } from '../../lambda/ports.ts';
import type { ClusterName } from '../../lambda/reconcile/model.ts';
import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import { attempt, type Gate } from './gate.ts';

/** Delayed messages on a queue of the world. */
export function createSimWakeUps(world: World, queueUrl: string, gate: Gate): WakeUps {
  return {
    send: async (messages) => {
      await gate.step('wakeUps.send');
      const failed = new Map<ClusterName, Error>();
      for (const { cluster, body, delaySeconds } of messages) {
        const message = { QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds };
        const answer = attempt(() => gate.run('wakeUps.send', cluster, () => world.sqs.sendMessage(message)));
        if (answer instanceof AwsError) {
          failed.set(cluster, answer);
        }
      }
      return failed;
    },
  };
}
