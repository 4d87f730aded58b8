import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../awsError.ts';

const entriesPerBatchMax = 10;
const identifier = /^[\w-]{1,80}$/u;

/** What a batch operation answers: each entry succeeds or fails by itself. */
interface BatchOutcome<Success> {
  readonly successful: Success[];
  readonly failed: BatchResultErrorEntry[];
}

/**
 * Runs a batch entry by entry. A batch that is empty, too long, or whose ids are malformed or repeated fails whole.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export function runBatch<Entry extends { readonly Id: string | undefined }, Success>(
  entryKind: string,
  entries: readonly Entry[] | undefined,
  run: (entry: Entry, id: string) => Success,
): BatchOutcome<Success> {
  if (entries === undefined || entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${entryKind} in the request.`);
  }
  if (entries.length > entriesPerBatchMax) {
    const found = `You have sent ${entries.length}.`;
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${entriesPerBatchMax}. ${found}`,
    );
  }
  const ids = entries.map((entry) => entry.Id ?? '');
  if (!ids.every((id) => identifier.test(id))) {
    const rule =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
    throw new AwsError('InvalidBatchEntryId', rule);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) {
    throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  }

  const outcome: BatchOutcome<Success> = { successful: [], failed: [] };
  for (const [index, entry] of entries.entries()) {
    const id = ids[index] ?? '';
    try {
      outcome.successful.push(run(entry, id));
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      outcome.failed.push({ Id: id, SenderFault: error.statusCode < 500, Code: error.name, Message: error.message });
    }
  }
  return outcome;
}
