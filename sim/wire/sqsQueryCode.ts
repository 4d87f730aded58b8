/** Codes of the query protocol that are not the error's own name. */
const codes: ReadonlyMap<string, string> = new Map([
  ['BatchEntryIdsNotDistinct', 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct'],
  ['BatchRequestTooLong', 'AWS.SimpleQueueService.BatchRequestTooLong'],
  ['EmptyBatchRequest', 'AWS.SimpleQueueService.EmptyBatchRequest'],
  ['InvalidBatchEntryId', 'AWS.SimpleQueueService.InvalidBatchEntryId'],
  ['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight'],
  ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  ['QueueNameExists', 'QueueAlreadyExists'],
  ['TooManyEntriesInBatchRequest', 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest'],
  ['UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation'],
]);

/** What SQS calls an error in its query protocol, and in the header of JSON 1.0 for those who know the older codes. */
export function sqsQueryCode(errorName: string): string {
  return codes.get(errorName) ?? errorName;
}
