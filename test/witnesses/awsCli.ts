import { execFile } from 'node:child_process';
import { witnessPath } from './witness.ts';

const callSecondsMax = 60;

/** Debian's `aws`, which is botocore and nothing of the SDK for JavaScript, at one endpoint. A call that fails is an error with the words of `aws`. */
export interface AwsCli {
  /** What a call answers, parsed; `undefined` where it prints nothing. */
  readonly json: (...words: readonly string[]) => Promise<unknown>;
  /** What a call answers as bare text: the value that `--query` picks. */
  readonly text: (...words: readonly string[]) => Promise<string>;
  /** What `--debug` tells of a call, the request's id among it. */
  readonly debug: (...words: readonly string[]) => Promise<string>;
}

/**
 * The command at an endpoint on loopback, with the credentials of `AKIDSYNC`. Nothing of this machine's configuration, credentials or proxies
 * reaches it: no call can leave the machine, or be paid for.
 */
export function awsCli(endpoint: string): AwsCli {
  if (!endpoint.startsWith('http://127.0.0.1:')) {
    throw new Error(`Cannot let "aws" call an endpoint: must be on loopback: found "${endpoint}"`);
  }
  const call = (words: readonly string[]): Promise<Printed> => run(['--endpoint-url', endpoint, ...words]);
  return {
    json: async (...words) => {
      const { stdout } = await call(words);
      return stdout.trim() === '' ? undefined : JSON.parse(stdout);
    },
    text: async (...words) => (await call([...words, '--output', 'text'])).stdout.trimEnd(),
    debug: async (...words) => (await call([...words, '--debug'])).stderr,
  };
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[]): Promise<Printed> {
  const options = { env: environment, timeout: callSecondsMax * 1000, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(witnessPath('aws'), words, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ stdout, stderr });
      } else {
        const found = stderr.trim() === '' ? error.message : stderr.trim();
        reject(new Error(`Cannot run "aws ${words.slice(2, 4).join(' ')}": found ${error.code}: ${found}`));
      }
    });
  });
}

/** All that the command finds in its environment. */
const environment = {
  PATH: '/usr/bin:/bin',
  AWS_ACCESS_KEY_ID: 'AKIDSYNC',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_DEFAULT_OUTPUT: 'json',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
};
