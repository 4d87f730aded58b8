import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../sim/awsError.ts';
import { runDemo } from '../sim/demo/runDemo.ts';
import type { Deployment } from '../sim/deployment/deployment.ts';

/** Runs the demo and keeps what it prints. */
async function played(prepare?: (deployment: Deployment) => void): Promise<{ held: boolean; transcript: string }> {
  let transcript = '';
  const held = await runDemo({
    assemblyPath: 'cdk.out',
    write: (text) => {
      transcript += text;
    },
    paint: (_, text) => text,
    realSeconds: () => 0,
    ...(prepare === undefined ? {} : { prepare }),
  });
  return { held, transcript };
}

describe('runDemo() on the synthesized stack', () => {
  let held = false;
  let transcript = '';

  beforeAll(async () => {
    ({ held, transcript } = await played());
  });

  test('finds that every expectation held', () => {
    expect(transcript).not.toContain('✗');
    expect(transcript).toContain('All 13 expectations held');
    expect(held).toBe(true);
  });

  test.each([
    '1. Three hosts launch',
    '2. Six more launch at once',
    "3. An operator halves one host's weight by a tag",
    '4. Two hosts leave',
    '5. The hardware under one host fails',
    '6. Nothing happens for two minutes',
    'The record as dig shows it',
    'What the function did',
    'What was expected',
  ])('has a chapter "%s"', (heading) => {
    expect(transcript.split('\n').filter((line) => line.startsWith(heading))).toHaveLength(1);
  });

  test('shows an event, the decision with its reason, the record before and after, and what Route 53 says, in this order', () => {
    const chapter = transcript.slice(transcript.indexOf('3. An operator'), transcript.indexOf('4. Two hosts'));
    expect(chapter).toMatch(
      /operator .*Value=50%\n.*ec2 .*tags srv_weight=50%\n.*woken by 1 tag event\n.*0 65535 443 \(HAProxy 256\) → 0 32768 443 \(HAProxy 128\): InService, by its tags\n.*serial 2 → 3\n.*before +after\n.*65535 +32768\n.*8 others +65535 +65535\n.*accepted as one batch, PENDING: DELETE TXT \+ SRV, CREATE TXT \+ SRV\n.*is INSYNC after \d+ s: the name servers answer 9 targets\n/,
    );
  });

  test('tells what many hosts do alike in one line', () => {
    expect(transcript.match(/ec2 +6 hosts: running/g)).toHaveLength(1);
    expect(transcript).toContain('+ 6 hosts 0 65535 443 (HAProxy 256): Pending:Wait, registered');
    expect(transcript).toMatch(/tag 2 hosts .*srv_drain_until=\d\d:\d\d: weight 0 has propagated/);
  });

  test('shows the record with the weight that was asked for, and seven targets', () => {
    const answer = transcript.split(';; ANSWER SECTION:')[1] ?? '';
    expect(answer.match(/IN\tSRV\t0 65535 443 i-/g)).toHaveLength(6);
    expect(answer.match(/IN\tSRV\t0 32768 443 i-/g)).toHaveLength(1);
  });

  test('fits a terminal of 120 columns, but for what dig prints', () => {
    const own = transcript.split('\n').filter((line) => !line.includes('\tIN\t'));
    expect(own.filter((line) => line.length > 120)).toEqual([]);
  });
});

test('runDemo() does not hold and names the expectation when the role is denied CreateTags', async () => {
  const { held, transcript } = await played((deployment) => {
    deployment.callFault = ({ action, principal }) =>
      action === 'CreateTags' && principal !== 'operator'
        ? new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403)
        : undefined;
  });
  expect(held).toBe(false);
  expect(transcript).toMatch(/✗ No call was denied by the role's policy: \d+ of \d+ calls: ec2:CreateTags\n/);
  expect(transcript).toMatch(
    /✗ No invocation failed, no message came back, no error was logged\n.*logged errors: Cannot do everything for cluster "web"\n/,
  );
  expect(transcript).toContain('ERROR Cannot do everything for cluster "web": Cannot tag instance "i-');
});

test('runDemo() says what to do when there is no synthesized stack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-test-'));
  try {
    await expect(
      runDemo({ assemblyPath: folder, write: () => undefined, paint: (_, text) => text, realSeconds: () => 0 }),
    ).rejects.toThrow(
      `Cannot run the demo: the stack must be synthesized first, by "npm run synth": found no "${join(folder, 'manifest.json')}"`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
