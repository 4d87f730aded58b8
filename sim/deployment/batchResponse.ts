import { z } from 'zod';
import { parseJsonOrNothing } from './json.ts';

const responseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * The messages of a batch that a function reports as failed; all of them where its answer is no batch response, or names a message that is
 * not of the batch. `null` and an empty answer are full success.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessageIds(response: string, batch: readonly string[]): ReadonlySet<string> {
  const answer = parseJsonOrNothing(response);
  if (answer === null) {
    return new Set();
  }
  const parsed = responseSchema.safeParse(answer);
  if (!parsed.success) {
    return new Set(batch);
  }
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return new Set(failed.every((id) => batch.includes(id)) ? failed : batch);
}
