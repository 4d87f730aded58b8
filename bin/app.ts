import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AsgSrvStack } from '../lib/asgSrvStack.ts';
import { readDeploymentContext } from '../lib/deploymentContext.ts';

const app = new App();
new AsgSrvStack(app, 'AsgSrv', {
  ...readDeploymentContext(app.node),
  description: 'asg-srv: keeps Route 53 SRV records in step with EC2 Auto Scaling groups',
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
