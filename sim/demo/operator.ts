import {
  AutoScalingClient,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';

/** The access key id that an operator's calls are signed with. */
export const operatorPrincipal = 'operator';

/** What an operator does; each call tells which command of the AWS command line it is, and goes over the wire. */
export interface Operator {
  setDesiredCapacity(group: string, desiredCapacity: number): Promise<void>;
  /** Terminates a member for good: no replacement comes. */
  terminate(instanceId: string): Promise<void>;
  setWeight(instanceId: string, weight: string): Promise<void>;
  close(): void;
}

/** Ties an operator to services that answer on loopback. `tell` is called with each command before it is made. */
export function createOperator(url: string, region: string, tell: (command: string) => void): Operator {
  const client = {
    endpoint: url,
    region,
    credentials: { accessKeyId: operatorPrincipal, secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const autoScaling = new AutoScalingClient(client);
  const ec2 = new EC2Client(client);
  return {
    setDesiredCapacity: async (group, desiredCapacity) => {
      tell(
        `aws autoscaling set-desired-capacity --auto-scaling-group-name ${group} --desired-capacity ${desiredCapacity}`,
      );
      await autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: desiredCapacity }),
      );
    },
    terminate: async (instanceId) => {
      tell(
        `aws autoscaling terminate-instance-in-auto-scaling-group --instance-id ${instanceId} --should-decrement-desired-capacity`,
      );
      await autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: instanceId,
          ShouldDecrementDesiredCapacity: true,
        }),
      );
    },
    setWeight: async (instanceId, weight) => {
      tell(`aws ec2 create-tags --resources ${instanceId} --tags Key=srv_weight,Value=${weight}`);
      await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: 'srv_weight', Value: weight }] }));
    },
    close: () => {
      autoScaling.destroy();
      ec2.destroy();
    },
  };
}
