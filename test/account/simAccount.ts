import { createRequestHandler } from '../../sim/wire/requestHandler.ts';
import { createRouter } from '../../sim/wire/router.ts';
import type { World } from '../../sim/world.ts';
import { sdkClients } from '../sdkClients.ts';
import type { Account } from './account.ts';

/** A world of `sim/` as an account: looking at it again moves its clock. */
export function simAccount(world: World): Account {
  return {
    clients: sdkClients('AKIDOPERATOR', { requestHandler: createRequestHandler(createRouter(world)) }, world.region),
    lacks: new Set(),
    now: () => world.now / 1000,
    pause: () => world.advance(1),
    announce: async () => {},
  };
}
