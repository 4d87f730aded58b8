import type { Account } from './account.ts';

/** What an AWS answered, in plain words: only what the question is about. */
export type Answer = string | number | boolean | undefined | readonly Answer[] | { readonly [name: string]: Answer };

/** One question to an AWS, and the answer that AWS itself gives. */
export interface Probe {
  /** What is true of AWS, as a sentence. */
  readonly name: string;
  /** The page that says so: of AWS's documentation, or, where that is silent, one where AWS's answer is on record. */
  readonly page: string;
  /** Asks by calls of the SDK; a call that may be refused is asked by {@link refusal}. */
  readonly ask: (aws: Account) => Promise<Answer>;
  readonly answer: Answer;
}

/** `accepted`, or status and name of the error, such as `400 ValidationError`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await failure(call);
  return error === undefined ? 'accepted' : `${error.status} ${error.name}`;
}

/** As {@link refusal}, with the error's text, for texts that are on record or that at least one witness has too. */
export async function refusalText(call: Promise<unknown>): Promise<string> {
  const error = await failure(call);
  return error === undefined ? 'accepted' : `${error.status} ${error.name}: ${error.message}`;
}

interface Failure {
  readonly status: number;
  readonly name: string;
  readonly message: string;
}

/** Only an answer is a failure of the call: whatever else is thrown is a failure of the question. */
async function failure(call: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const status = error instanceof Error ? httpStatus(error) : undefined;
    if (!(error instanceof Error) || status === undefined) {
      throw error;
    }
    // What the SDK cannot parse, such as a page of HTML, is an error without a name of its own.
    return error.name === 'Error'
      ? { status, name: 'unreadable', message: 'not an answer in the protocol of the service' }
      : { status, name: error.name, message: error.message };
  }
}

function httpStatus(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === 'number' ? status : undefined;
}
