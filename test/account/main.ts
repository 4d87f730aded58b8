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

It makes a private zone, two Auto Scaling groups with at most eight t4g.nano at a time in the default VPC, and the stack, each with a name of its own.
It takes about 20 minutes and costs less than 0.05 USD: instances by the second; a hosted zone that is deleted within 12 hours costs nothing. The
account needs default subnets, and "npx cdk bootstrap" once. --clean-up removes what is left of a run that was killed.`;

const { values } = parseArgs({
  options: { account: { type: 'string' }, region: { type: 'string' }, 'clean-up': { type: 'string' } },
});
const region = Object.values(VPCRegion).find((known) => known === values.region);
if (values.account === undefined || region === undefined) {
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
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => interruption.abort(new Error(`interrupted by ${signal}`)));
    }
    const run = { name: `asg-srv-test-${randomBytes(4).toString('hex')}`, region, environment };
    const held = await performThrowAwayRun(account, run, (line) => console.log(line), interruption.signal);
    process.exitCode = held ? 0 : 1;
  } else {
    await removeThrowAwaySite(account, leftRun, environment);
    console.log(`${leftRun}: all is removed`);
  }
}
