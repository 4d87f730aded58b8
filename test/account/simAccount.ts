import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { createRequestHandler } from '../../sim/wire/requestHandler.ts';
import { createRouter } from '../../sim/wire/router.ts';
import type { World } from '../../sim/world.ts';
import type { Account } from './account.ts';

/** A world of `sim/` as an account: looking at it again moves its clock. */
export function simAccount(world: World): Account {
  const settings = {
    region: world.region,
    credentials: { accessKeyId: 'AKIDOPERATOR', secretAccessKey: 'none' },
    requestHandler: createRequestHandler(createRouter(world)),
  };
  return {
    clients: {
      autoScaling: new AutoScalingClient(settings),
      ec2: new EC2Client(settings),
      route53: new Route53Client(settings),
    },
    lacks: new Set(),
    now: () => world.now / 1000,
    pause: () => world.advance(1),
    announce: async () => {},
  };
}
