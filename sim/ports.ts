import type { Ports } from '../lambda/ports.ts';
import { createGate, type PortFaults } from './ports/gate.ts';
import { createSimGroups } from './ports/simGroups.ts';
import { createSimInstances } from './ports/simInstances.ts';
import { createSimRecords } from './ports/simRecords.ts';
import { createSimWakeUps } from './ports/simWakeUps.ts';
import type { World } from './world.ts';

/** What one deployment of the sync works on. */
export interface SimPortsProps {
  readonly hostedZoneId: string;
  /** Lower case, without a trailing dot. */
  readonly zone: string;
  /** The deployment id that its registry entries carry. */
  readonly owner: string;
  readonly queueUrl: string;
}

/** Faults, and a name to tell one caller's writes from another's. */
export interface SimPortsOptions extends PortFaults {
  /** Whose name Route 53's log of writes carries. @default none */
  readonly principal?: string;
}

/**
 * The ports of the sync on a world, in process: no SDK, no wire, no waiting. They keep the contract of the adapters in `lambda/aws/`
 * (test/ports.contract.test.ts), so that a pass cannot tell them apart.
 */
export function createSimPorts(
  world: World,
  { hostedZoneId, zone, owner, queueUrl }: SimPortsProps,
  { principal, ...faults }: SimPortsOptions = {},
): Ports {
  const gate = createGate(faults);
  return {
    zone,
    owner,
    now: () => world.now / 1000,
    pause: () => gate.step('pause'),
    records: createSimRecords(world, { hostedZoneId, zone, principal }, gate),
    groups: createSimGroups(world, gate),
    instances: createSimInstances(world, gate),
    wakeUps: createSimWakeUps(world, queueUrl, gate),
  };
}
