import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { VPCRegion } from '@aws-sdk/client-route-53';
import { STSClient } from '@aws-sdk/client-sts';
import { awsAccount, refuseGroupsOfNoZone, refuseOtherAccount } from './awsAccount.ts';
import { performThrowAwayRun } from './throwAwayRun.ts';
import { removeThrowAwaySite } from './throwAwaySite.ts';

const usage = `Runs asg-srv's end-to-end scenario in an AWS account, and removes everything that it made there.

  npm run test:aws -- --account 111122223333 --region eu-west-1
  npm run test:aws -- --account 111122223333 --region eu-west-1 --clean-up asg-srv-test-1a2b3c4d

It makes a private zone, two Auto Scaling groups with some seven t4g.nano in a default subnet, and the stack, each with a name of its own.
It takes about 20 minutes and costs less than 0.05 USD: instances and their addresses by the second; a hosted zone that is deleted within 12 hours
costs nothing. The account needs a default subnet, and "npx cdk bootstrap" once; the credentials must last until all is removed. What stays is the
code in the bootstrap bucket, and the metrics of the namespace asg-srv. --clean-up removes what is left of a run that was killed.`;

const values = readArguments();
const region = Object.values(VPCRegion).find((known) => known === values?.region);
if (values?.account === undefined || region === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const account = awsAccount(region);
  const environment = { ...process.env, AWS_REGION: region };
  await refuseOtherAccount(new STSClient({ region }), values.account);
  const leftRun = values['clean-up'];
  if (leftRun === undefined) {
    await refuseGroupsOfNoZone(account);
    const interruption = new AbortController();
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        console.log(`${signal}: all is removed now, after what is under way`);
        interruption.abort(new Error(`interrupted by ${signal}`));
      });
    }
    // Whoever reads what is said here may be gone before us, as "tee" after an interrupt; the removal goes on.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    const run = { name: `asg-srv-test-${randomBytes(4).toString('hex')}`, region, environment };
    const held = await performThrowAwayRun(account, run, (line) => console.log(line), interruption.signal);
    process.exitCode = held ? 0 : 1;
  } else {
    await removeThrowAwaySite(account, leftRun, environment);
    console.log(`${leftRun}: all is removed`);
  }
}

function readArguments() {
  const option = { type: 'string' } as const;
  try {
    return parseArgs({ options: { account: option, region: option, 'clean-up': option } }).values;
  } catch (error) {
    console.error(`${String(error)}\n`);
    return undefined;
  }
}
