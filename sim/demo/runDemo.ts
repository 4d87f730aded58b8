import { deploy } from '../deployment/deploy.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { dig } from '../deployment/dig.ts';
import { World } from '../world.ts';
import { type Cast, chapters } from './chapters.ts';
import { Chronicle } from './chronicle.ts';
import { type Evidence, type Expectation, expectations } from './expectations.ts';
import { createOperator } from './operator.ts';
import { Page, type PageOptions } from './page.ts';
import { type OnStep, Play } from './play.ts';
import { readScene, type Scene } from './scene.ts';
import { readSubject } from './subject.ts';
import { printSummary } from './summary.ts';
import { Timeline } from './timeline.ts';

/** Where the demo finds its stack, where it prints, and what it may know of the machine it runs on. */
export interface DemoOptions extends PageOptions {
  /** The cloud assembly: the `cdk.out` that `cdk synth` writes. */
  readonly assemblyPath: string;
  /** Seconds on the machine's clock, for the summary alone. */
  readonly realSeconds: () => number;
  /** @default the demo runs as fast as it can */
  readonly onStep?: OnStep;
  /** Called once the stack is deployed: tests plant a fault here. */
  readonly prepare?: (deployment: Deployment) => void;
}

/** Hosts that a group of the demo may have. */
const hostsMax = 20;

/**
 * Deploys the synthesized stack onto a small AWS, plays the chapters with it, prints all that happens and holds it against what is expected.
 * Says whether every expectation held. Throws an `Error` where there is no stack, or none that can be deployed.
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const realStart = options.realSeconds();
  const page = new Page(options);
  const world = new World();
  const scene = readScene(world, options.assemblyPath);
  prepareScene(world, scene);
  const deployment = await deploy(world, { assemblyPath: options.assemblyPath });
  try {
    options.prepare?.(deployment);
    const subject = readSubject(world, scene);
    const chronicle = new Chronicle(world, deployment, subject);
    const timeline = new Timeline({ world, deployment, subject, chronicle, page });
    const operator = createOperator(deployment.url, world.region, (command) => timeline.tell('operator', command));
    const play = new Play({ world, subject, timeline, operator, onStep: options.onStep });
    page.line(`asg-srv: group "${subject.group}" in DNS as ${subject.recordName}`, 'bold');
    page.line();
    page.line(
      'A small AWS on loopback runs the stack that "npm run synth" wrote: the real bundle in a worker, each of its',
    );
    page.line(
      "calls over the wire and checked against its role's policy. The clock is the world's; nothing waits for it.",
    );
    const cast: Cast = {};
    const chaptersPlayed = await playChapters(play, page, cast);
    operator.close();

    page.heading('The record as dig shows it');
    page.line(dig(world.route53, subject));
    const evidence: Evidence = { world, deployment, subject, chronicle, cast, chaptersPlayed };
    page.heading('What the function did');
    printSummary(page, evidence, {
      virtualSeconds: timeline.seconds,
      realSeconds: options.realSeconds() - realStart,
    });
    page.heading('What was expected');
    return printVerdict(page, expectations(evidence));
  } finally {
    await deployment.close();
  }
}

function prepareScene(world: World, { hostedZoneId, zoneName, groups }: Scene): void {
  world.route53.addHostedZone(zoneName, hostedZoneId);
  for (const name of groups) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: hostsMax,
      DesiredCapacity: 0,
    });
  }
}

/** Returns how many chapters came to their end; the story stops at the first that does not. */
async function playChapters(play: Play, page: Page, cast: Cast): Promise<number> {
  for (const [index, chapter] of chapters.entries()) {
    page.heading(`${index + 1}. ${chapter.heading}`);
    const ended = await chapter.play(play, cast);
    play.timeline.endChapter();
    if (!ended) {
      return index;
    }
  }
  return chapters.length;
}

function printVerdict(page: Page, judged: readonly Expectation[]): boolean {
  for (const { text, held, figures } of judged) {
    page.verdict(held, text, figures);
  }
  const held = judged.filter((expectation) => expectation.held === true).length;
  const failed = judged.filter((expectation) => expectation.held === false).length;
  page.line();
  if (held === judged.length) {
    page.line(`All ${held} expectations held`, 'green');
  } else {
    page.line(
      `${failed} of ${judged.length} expectations did not hold, ${judged.length - held - failed} were not played`,
      'red',
    );
  }
  return held === judged.length;
}
