/** A thread of the soak. */
import { serveChunks } from './serveChunks.ts';
import { simulator } from './simulator.ts';

serveChunks(simulator);
