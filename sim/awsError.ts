/**
 * A failure that a simulated API answers with, as the service itself would word it: `name` is the AWS error code, `message` AWS's text.
 * The wire skins render it in the protocol of the service; the SDK then raises an error of the same name.
 */
export class AwsError extends Error {
  readonly statusCode: number;
  /** Route 53 reports several faults of one batch as a list. */
  readonly messages: readonly string[];

  constructor(name: string, message: string, statusCode = 400, messages: readonly string[] = [message]) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
    this.messages = messages;
  }
}
