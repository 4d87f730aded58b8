import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createGroups } from './aws/groups.ts';
import { createInstances } from './aws/instances.ts';
import { createRecords } from './aws/records.ts';
import { createWakeUps } from './aws/wakeUps.ts';
import { handleBatch } from './batch.ts';
import { createHookAudit } from './hookAudit.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings.ts';
import { report } from './telemetry.ts';

/** A try that hangs is given up: three of them end well within the function's timeout, and within `writeSecondsMax` (limits.ts). */
const client = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 4000, throwOnRequestTimeout: true },
};

const telemetry = { logger: new Logger(), metrics: new Metrics() };
const ports = createPorts();
const auditHooks = createHookAudit();

/** The Lambda function: a batch of queue messages in, the messages that must come back out. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const batch = await handleBatch(
    event.Records.map(({ messageId, body }) => ({ id: messageId, body })),
    ports,
  );
  report(batch, telemetry);
  if (batch.swept) {
    const groups = batch.outcomes.flatMap(({ observation }) => observation?.groups ?? []);
    for (const problem of await auditHooks(groups, ports)) {
      telemetry.logger.warn(problem);
    }
  }
  return { batchItemFailures: batch.failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function createPorts(): Ports {
  const zone = setting('ZONE_NAME');
  return {
    zone,
    owner: setting('DEPLOYMENT_ID'),
    now: () => Date.now() / 1000,
    pause: (attempt) => new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt)),
    records: createRecords(new Route53Client(client), { id: setting('HOSTED_ZONE_ID'), name: zone }),
    groups: createGroups(new AutoScalingClient(client)),
    instances: createInstances(new EC2Client(client)),
    // The queue's URL names the host only where no endpoint is set, so that an emulator on loopback is reached as well.
    wakeUps: createWakeUps(new SQSClient({ ...client, useQueueUrlAsEndpoint: false }), setting('QUEUE_URL')),
  };
}

function setting(name: keyof Settings): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`Cannot start: environment variable "${name}" must be set: found nothing`);
  }
  return value;
}
