import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RequestHandler } from '../sim/wire/requestHandler.ts';

/** The SDK's clients of the four services. */
export interface SdkClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  readonly sqs: SQSClient;
}

/** Where the services are; without any of these, where the SDK finds AWS. */
interface Connection {
  readonly endpoint?: string;
  readonly requestHandler?: RequestHandler;
  readonly maxAttempts?: number;
}

/** Clients of one who signs as `accessKeyId`: nothing here looks at more of a signature than that. */
export function sdkClients(accessKeyId: string, connection: Connection, region = 'eu-west-1'): SdkClients {
  const settings = { region, credentials: { accessKeyId, secretAccessKey: 'none' }, ...connection };
  return {
    autoScaling: new AutoScalingClient(settings),
    ec2: new EC2Client(settings),
    route53: new Route53Client(settings),
    // Else it calls the host in a queue's URL, wherever that is.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
  };
}

/** Ends their connections. */
export function destroySdkClients({ autoScaling, ec2, route53, sqs }: SdkClients): void {
  for (const client of [autoScaling, ec2, route53, sqs]) {
    client.destroy();
  }
}
