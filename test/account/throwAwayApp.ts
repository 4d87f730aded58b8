import { App } from 'aws-cdk-lib';
import { AsgSrvStack } from '../../lib/asgSrvStack.ts';
import { blueGroup, cluster, drainSeconds, greenGroup, ttlSeconds } from './throwAwayNames.ts';

/** The stack under test, for the two groups of one run. */
const app = new App();
const context = (key: string): string => {
  const value: unknown = app.node.tryGetContext(key);
  if (typeof value !== 'string') {
    throw new TypeError(`Cannot read context key "${key}": must be given by --context: found ${String(value)}`);
  }
  return value;
};
const run = context('testRun');
new AsgSrvStack(app, run, {
  hostedZoneId: context('hostedZoneId'),
  zoneName: context('zoneName'),
  clusters: [blueGroup(run), greenGroup(run)].map((autoScalingGroup) => ({
    autoScalingGroup,
    cluster,
    ttlSeconds,
    drainSeconds,
  })),
  description: 'asg-srv: a test run, safe to delete',
});
