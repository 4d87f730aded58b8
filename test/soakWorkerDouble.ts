/** A thread of the soak that runs the double. */
import { serveChunks } from '../sim/soak/serveChunks.ts';
import { simulatorDouble } from './simulatorDouble.ts';

serveChunks(simulatorDouble);
