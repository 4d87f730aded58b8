import type { BatchReport, Message } from '../../lambda/batch.ts';
import type { Ports } from '../../lambda/ports.ts';
import type { World } from '../world.ts';

/** A sync under test: ours, a variant of it, or a rival, which may go around the ports to its world. */
export type HandleBatch = (messages: readonly Message[], ports: Ports, world: World) => Promise<BatchReport>;
