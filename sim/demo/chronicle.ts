import type { Deployment } from '../deployment/deployment.ts';
import type { Happening, Milliseconds, World } from '../world.ts';
import { acceptedRecord, answeredWeights, type ClusterRecord, type Weights } from './clusterRecord.ts';
import { hostsIn } from './hostsIn.ts';
import type { Subject } from './subject.ts';

/** Something that happened, with what the world looked like then. */
export interface Moment extends Happening {
  /** By the batches that Route 53 accepted. */
  readonly accepted: Weights;
  /** As far as the name servers know. */
  readonly answered: Weights;
  /** Instances in service whose hosts are alive. */
  readonly serving: readonly string[];
  /** Number of the function's invocation in which it happened. */
  readonly invocation: number | undefined;
}

/** An invocation of the function as it begins. */
export interface PassStart {
  /** As the deployment counts invocations. */
  readonly number: number;
  readonly at: Milliseconds;
  readonly event: unknown;
  readonly before: ClusterRecord;
  /** How many moments, and how many log lines, came before it. */
  readonly moments: number;
  readonly logLines: number;
}

/**
 * All that happens in a world from now on. What the demo shows and what it expects both come from here and not from the function's word. It
 * takes the deployment's `fault` to hear of invocations.
 */
export class Chronicle {
  readonly moments: Moment[] = [];
  readonly passes: PassStart[] = [];

  constructor(world: World, deployment: Deployment, subject: Subject) {
    world.watch((happening) => {
      const last = this.passes.at(-1);
      this.moments.push({
        ...happening,
        accepted: acceptedRecord(world, subject).weights,
        answered: answeredWeights(world, subject),
        serving: hostsIn(world, subject.group).filter((id) => world.ec2.instance(id)?.state === 'running'),
        invocation: last !== undefined && deployment.invocations.length < last.number ? last.number : undefined,
      });
    });
    deployment.fault = ({ number, at, event }) => {
      this.passes.push({
        number,
        at,
        event,
        before: acceptedRecord(world, subject),
        moments: this.moments.length,
        logLines: deployment.logs.length,
      });
      return undefined;
    };
  }
}
