import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import type { Account } from '../account/account.ts';
import type { Environment } from '../account/cdk.ts';
import { sdkClients } from '../sdkClients.ts';
import { type Emulator, startMiniStack, startMoto } from './emulator.ts';

export const standInRegion = 'eu-west-1' as const;
export const standInAccountId = '000000000000';
const secondsBetweenLooks = 0.5;

/** Two emulators as one account: nothing in it but the stack and its function is ours. */
export interface StandInAccount extends Account {
  /** CloudFormation, S3, IAM, EventBridge, SQS, Lambda and Route 53. Its Auto Scaling only counts hosts: none of them is in its EC2. */
  readonly miniStack: Emulator;
  /** EC2 and Auto Scaling, whose groups launch instances. */
  readonly moto: Emulator;
  /** All that a command line finds in its environment, so that it works on MiniStack, and on nothing else. */
  readonly environment: Environment;
  readonly stop: () => Promise<void>;
}

/** Starts the emulators. Neither sends the events of EC2 and Auto Scaling, so whoever changes something announces it on MiniStack's bus. */
export async function startStandInAccount(): Promise<StandInAccount> {
  const moto = await startMoto();
  const miniStack = await startMiniStack({
    AWS_ENDPOINT_URL_AUTO_SCALING: moto.endpoint,
    AWS_ENDPOINT_URL_EC2: moto.endpoint,
  }).catch(async (error: unknown) => {
    await moto.stop();
    throw error;
  });
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-stand-in-'));
  const { autoScaling, ec2 } = sdkClients('test', { endpoint: moto.endpoint }, standInRegion);
  const { route53 } = sdkClients('test', { endpoint: miniStack.endpoint }, standInRegion);
  return {
    moto,
    miniStack,
    clients: { autoScaling, ec2, route53 },
    lacks: new Set(['instances that wait in lifecycle hooks']),
    now: () => Date.now() / 1000,
    pause: () => setTimeout(secondsBetweenLooks * 1000),
    announce: (event) => putEvent(miniStack, event),
    environment: {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: standInRegion,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: miniStack.endpoint,
    },
    stop: async () => {
      await Promise.all([moto.stop(), miniStack.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function putEvent({ endpoint }: Emulator, event: EventBridgeEvent): Promise<void> {
  const entry = {
    Source: event.source,
    DetailType: event['detail-type'],
    Resources: event.resources,
    Detail: JSON.stringify(event.detail),
  };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20261121/${standInRegion}/events/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ Entries: [entry] }),
  });
  const answer = await response.text();
  if (!response.ok || (!answer.includes('"FailedEntryCount":0') && !answer.includes('"FailedEntryCount": 0'))) {
    throw new Error(`Cannot put an event on MiniStack's bus: it must take it: found ${response.status} ${answer}`);
  }
}
