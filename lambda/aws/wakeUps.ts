import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WakeUps } from '../ports.ts';
import type { ClusterName } from '../reconcile/model.ts';
import { failure } from './failure.ts';
import { chunksOf } from './pages.ts';

/** Entries of one SendMessageBatch call. */
const entriesMax = 10;

/** Delayed messages on our own queue. */
export function createWakeUps(client: SQSClient, queueUrl: string): WakeUps {
  return {
    send: async (messages) => {
      const failed = new Map<ClusterName, Error>();
      for (const chunk of chunksOf(messages, entriesMax)) {
        const entries = chunk.map(({ body, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: body,
          DelaySeconds: delaySeconds,
        }));
        const what = (cluster: ClusterName): string => `send the wake-up of cluster "${cluster}"`;
        try {
          const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
          // A 200 answer may carry entries that were not taken.
          for (const { Id, Code = '', Message = '' } of answer.Failed ?? []) {
            const cluster = chunk[Number(Id)]?.cluster ?? '';
            failed.set(
              cluster,
              new Error(`Cannot ${what(cluster)}: SQS did not take the message: ${Code}: ${Message}`),
            );
          }
        } catch (error) {
          for (const { cluster } of chunk) {
            failed.set(cluster, failure(what(cluster), error));
          }
        }
      }
      return failed;
    },
  };
}
