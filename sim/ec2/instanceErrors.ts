import { AwsError } from '../awsError.ts';

/**
 * Refuses instance ids that are no ids, or unknown: one bad id fails the whole call.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export function checkInstanceIds(ids: readonly string[], known: (id: string) => boolean): void {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) {
    throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  }
  const unknown = [...new Set(ids.filter((id) => !known(id)))];
  if (unknown.length > 0) {
    throw instancesNotFound(unknown);
  }
}

/** The error for instances that EC2 does not know. */
export function instancesNotFound(ids: readonly string[]): AwsError {
  const text =
    ids.length === 1
      ? `The instance ID '${ids.join()}' does not exist`
      : `The instance IDs '${ids.join(', ')}' do not exist`;
  return new AwsError('InvalidInstanceID.NotFound', text);
}

/** Answers a DryRun request that would have gone through. */
export function refuseDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) {
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
}
