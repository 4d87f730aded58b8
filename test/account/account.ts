import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import type { SdkClients } from '../sdkClients.ts';

/** Epoch seconds on an account's clock. */
export type Seconds = number;

/** What a stand-in for an AWS account may not be able to do. */
type Lack = 'instances that wait in lifecycle hooks';

/** An AWS account, or what stands in for one, as an operator sees it. */
export interface Account {
  /** The services that an operator works with. */
  readonly clients: Pick<SdkClients, 'autoScaling' | 'ec2' | 'route53'>;
  /** What it cannot show; nothing where it is real. */
  readonly lacks: ReadonlySet<Lack>;
  readonly now: () => Seconds;
  /** Lets as much time pass as is sensible between two looks. */
  readonly pause: () => Promise<void>;
  /** Sends an event that the account's services should have sent; does nothing where they did. */
  readonly announce: (event: EventBridgeEvent) => Promise<void>;
}

/** One deployed stack with its zone and its two groups, which share a cluster. */
export interface Site {
  readonly zoneId: string;
  readonly zoneName: string;
  readonly cluster: string;
  readonly blue: string;
  readonly green: string;
  readonly ttlSeconds: number;
  readonly drainSeconds: number;
}

/** Looks until there is something to return. */
export async function until<Found>(
  account: Account,
  what: string,
  withinSeconds: number,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = account.now() + withinSeconds;
  for (let found = await look(); ; found = await look()) {
    if (found !== undefined) {
      return found;
    }
    if (account.now() >= deadline) {
      throw new Error(`Cannot go on: ${what} must be within ${withinSeconds} s: found nothing of the kind`);
    }
    await account.pause();
  }
}
