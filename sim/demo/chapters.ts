import { answeredWeights, type Weights } from './clusterRecord.ts';
import { hostsIn } from './hostsIn.ts';
import type { Play } from './play.ts';

/** Who plays which part, and what each chapter cost; what is not there has not been played. */
export interface Cast {
  weighted?: string;
  drained?: readonly string[];
  crashed?: string;
  /** Batches that Route 53 accepted while six hosts were launched. */
  scaleOutWrites?: number;
  /** Batches that Route 53 accepted while nothing happened. */
  quietWrites?: number;
}

/** One chapter of the demo. */
export interface Chapter {
  readonly heading: string;
  /** Plays it; says whether it came to its end in time. */
  readonly play: (play: Play, cast: Cast) => Promise<boolean>;
}

/** Hosts that are launched first, and hosts after the group has scaled out. */
export const [hostsFirst, hostsAll] = [3, 9];
/** The weight that the operator asks for. */
const weightAsked = '50%';
/** No hook of the stack times out so early: whatever takes longer has failed. */
const chapterSecondsMax = 240;
/** Long enough for the events that a chapter left behind, and for the pass that confirms its last write. */
const settleSeconds = 8;
/** Two sweeps come in this time. */
const quietSeconds = 120;

/** The story. Each chapter begins where the one before ended. */
export const chapters: readonly Chapter[] = [
  {
    heading: 'Three hosts launch, and each is in DNS before it is in service',
    play: (play) => scaleTo(play, hostsFirst),
  },
  {
    heading: 'Six more launch at once',
    play: async (play, cast) => {
      const before = writes(play);
      const done = await scaleTo(play, hostsAll);
      cast.scaleOutWrites = writes(play) - before;
      return done;
    },
  },
  {
    heading: "An operator halves one host's weight by a tag",
    play: async (play, cast) => {
      const [, , host = ''] = hosts(play);
      const before = answered(play).get(host);
      cast.weighted = host;
      await play.operator.setWeight(host, weightAsked);
      return settled(play, () => answered(play).get(host) !== before);
    },
  },
  {
    heading: 'Two hosts leave: first weight 0, then the drain, then out of the record, and only then terminated',
    play: async (play, cast) => {
      const leaving = hosts(play).slice(0, 2);
      cast.drained = leaving;
      for (const host of leaving) {
        await play.operator.terminate(host);
      }
      return settled(play, () => leaving.every((host) => isTerminated(play, host) && !answered(play).has(host)));
    },
  },
  {
    heading: 'The hardware under one host fails: nobody waits for its drain, and the group replaces it',
    play: async (play, cast) => {
      const before = hosts(play);
      const [, crashed = ''] = before;
      cast.crashed = crashed;
      play.world.ec2.crash(crashed);
      const isReplaced = (): boolean => hosts(play).length === before.length && !hosts(play).includes(crashed);
      return settled(play, () => isReplaced() && !answered(play).has(crashed));
    },
  },
  {
    heading: 'Nothing happens for two minutes: the sweeps read, and write nothing',
    play: async (play, cast) => {
      const before = writes(play);
      await play.advance(quietSeconds);
      cast.quietWrites = writes(play) - before;
      return true;
    },
  },
];

async function scaleTo(play: Play, count: number): Promise<boolean> {
  await play.operator.setDesiredCapacity(play.subject.group, count);
  return settled(play, () => hosts(play).length === count);
}

async function settled(play: Play, holds: () => boolean): Promise<boolean> {
  const held = await play.until(holds, chapterSecondsMax);
  if (held) {
    await play.advance(settleSeconds);
  }
  return held;
}

function hosts({ world, subject }: Play): readonly string[] {
  return hostsIn(world, subject.group);
}

function answered({ world, subject }: Play): Weights {
  return answeredWeights(world, subject);
}

function isTerminated({ world }: Play, instanceId: string): boolean {
  return world.ec2.instance(instanceId)?.state === 'terminated';
}

function writes({ world }: Play): number {
  return world.route53.writes.length;
}
