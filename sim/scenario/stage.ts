import { AwsError } from '../awsError.ts';
import type { EventBridgeEvent } from '../eventBridge.ts';
import type { SimPortsProps } from '../ports.ts';
import { Judge } from '../properties/judge.ts';
import type { PropertyName } from '../properties/propertyName.ts';
import { Story } from '../properties/story.ts';
import { World } from '../world.ts';
import { createDice, type Dice } from './dice.ts';
import { eventRules } from './eventRules.ts';
import type { FaultClass } from './faultClass.ts';
import { Faults } from './faults.ts';
import { ourHooks } from './ourHooks.ts';
import type { GroupSetup, Scenario } from './scenario.ts';

/** The function's own figures (lib/asgSrvSync.ts). */
const visibilitySeconds = 361;
const receivesMax = 5;

/** Delays, in seconds, of an event that comes late: up to hours. */
const lateSeconds = 3 * 3600;
/** From so many seconds on an event is late, and not just out of order. */
const lateFromSeconds = 60;
/** Delays, in seconds, that put events out of order. */
const reorderSeconds = 20;

/** From so many hosts on a group is there for its size. */
const largeHosts = 100;

const zone = 'svc.example.internal';
const owner = '111122223333/eu-west-1/asg-srv';
const legacyName = `_http._tcp.legacy.${zone}.`;

/** The world of one run of a scenario, with what goes wrong in it, and who looks. */
export class Stage {
  readonly scenario: Scenario;
  readonly world: World;
  readonly names: SimPortsProps;
  readonly deadLetterUrl: string;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly story: Story;
  readonly judge: Judge;
  readonly counts: Record<FaultClass, number>;
  /** Every event that the rules took, for those who send some once more. */
  readonly events: string[] = [];
  /** What happened, for the timeline: the world's happenings, and those of the stage. */
  readonly lines: string[] = [];
  /** While faults happen. */
  faulty = true;
  /** The function's clock, against the world's, in seconds. */
  clockSeconds = 0;
  #groups = 0;

  constructor(scenario: Scenario, only?: ReadonlySet<PropertyName>) {
    this.scenario = scenario;
    this.world = new World({ seed: scenario.seed });
    const { world } = this;
    world.ec2.reusesAddresses = scenario.reusesAddresses ?? false;
    world.ec2.assignsIpv6 = scenario.assignsIpv6 ?? false;
    const deadLetters = world.sqs.createQueue({ QueueName: 'dead-letters' });
    const deadLetterTargetArn = `arn:aws:sqs:${world.region}:${world.account}:dead-letters`;
    const queue = world.sqs.createQueue({
      QueueName: 'asg-srv',
      Attributes: {
        VisibilityTimeout: String(visibilitySeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: receivesMax }),
      },
    });
    this.deadLetterUrl = deadLetters.QueueUrl ?? '';
    this.names = {
      hostedZoneId: world.route53.addHostedZone(zone, 'Z0EXAMPLE'),
      zone,
      owner,
      queueUrl: queue.QueueUrl ?? '',
    };
    this.counts = { ...noFaults };
    this.dice = createDice(scenario, () => this.faulty);
    this.faults = new Faults({
      world,
      scenario,
      dice: this.dice,
      happened: (fault, about) => this.happened(fault, about),
    });
    this.story = new Story({ world, zone, owner, only });
    this.judge = new Judge(this.story);
    world.autoScaling.onLifecycleActionEnded(({ instanceId, hook, byTimeout }) => {
      if (byTimeout && this.faulty) {
        this.happened('hookExpired', `${hook} of ${instanceId}`);
      }
    });
    world.watch(({ source, text }) => this.say(`${source}: ${text}`));
    if (scenario.legacy === true) {
      this.#putLegacyRecord();
    }
    this.#putRules();
    for (const setup of scenario.groups) {
      this.createGroup(setup);
    }
  }

  /** Notes a line of the timeline. */
  say(text: string): void {
    this.lines.push(`${this.world.timestamp.slice(11, 19)} ${text}`);
  }

  /** Notes a fault that really happened. */
  happened(fault: FaultClass, about: string): void {
    this.counts[fault] += 1;
    this.say(`fault: ${fault}, ${about}`);
  }

  /** Does what a hand asks of AWS; AWS may refuse. */
  try(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (error instanceof AwsError || error instanceof RangeError) {
        this.say(`refused: ${error.message}`);
        return false;
      }
      throw error;
    }
  }

  createGroup(setup: GroupSetup): void {
    const { world, story } = this;
    const { cluster, desired, drainSeconds = 60, ttl = 10, weight, hookSeconds = 1800, warm } = setup;
    const name = `${cluster}-${['blue', 'green', 'spot'][this.#groups % 3]}${this.#groups}`;
    this.#groups += 1;
    const tags = {
      srv_cluster: cluster,
      srv_drain_seconds: String(drainSeconds),
      srv_ttl: String(ttl),
      ...(weight === undefined ? {} : { srv_weight: weight }),
    };
    story.drainSeconds.set(name, drainSeconds);
    story.hookSeconds.set(name, hookSeconds);
    if (desired >= largeHosts) {
      this.happened('sizeAtLimit', `${name} has ${desired} hosts`);
      // A full record leaves the hooks of those that do not fit to time out.
      story.unmanageable.add(name);
    }
    if (story.foreignClusters.has(cluster)) {
      story.unmanageable.add(name);
    }
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 400,
      DesiredCapacity: desired,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: false })),
      LifecycleHookSpecificationList: ourHooks(hookSeconds),
    });
    if (warm !== undefined) {
      story.pooled.add(name);
      world.autoScaling.putWarmPool({
        AutoScalingGroupName: name,
        MinSize: warm,
        MaxGroupPreparedCapacity: 0,
        InstanceReusePolicy: { ReuseOnScaleIn: true },
      });
    }
  }

  /** A record of somebody else's, at the name that our record of cluster `legacy` would have. */
  #putLegacyRecord(): void {
    this.story.foreignClusters.add('legacy');
    this.happened('nameCollision', 'somebody else has a record for "legacy"');
    const target = {
      Name: legacyName,
      Type: 'SRV' as const,
      TTL: 60,
      ResourceRecords: [{ Value: '0 1 80 old.example.com.' }],
    };
    const entry = '"heritage=asg-srv" "owner=111122223333/eu-west-1/another" "serial=7" "written=1700000000"';
    const other = { Name: `legacy.${zone}.`, Type: 'TXT' as const, TTL: 60, ResourceRecords: [{ Value: entry }] };
    // Somebody who knows nothing of us, or another deployment of ours.
    const sets = this.dice.draw('owner') < 0.5 ? [target] : [target, other];
    this.world.route53.changeResourceRecordSets({
      HostedZoneId: 'Z0EXAMPLE',
      ChangeBatch: { Changes: sets.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet })) },
    });
  }

  #putRules(): void {
    const { world, names, dice } = this;
    world.eventBridge.fault = ({ 'detail-type': type }) => {
      const about = type;
      if (dice.strikes('lostEvent')) {
        this.happened('lostEvent', about);
        return [];
      }
      const delays = [0.5];
      if (dice.strikes('duplicateEvent')) {
        this.happened('duplicateEvent', about);
        delays.push(0.5 + dice.draw('duplicate seconds') * reorderSeconds);
      }
      if (dice.strikes('lateEvent')) {
        delays[0] = dice.draw('late seconds') ** 4 * lateSeconds;
      } else if (dice.strikes('reorderedEvent')) {
        delays[0] = dice.draw('reorder seconds') * reorderSeconds;
      }
      return delays;
    };
    let latest = '';
    const target = (event: EventBridgeEvent): void => {
      const lateness = (world.now - Date.parse(event.time)) / 1000;
      if (lateness > lateFromSeconds) {
        this.happened('lateEvent', `${event['detail-type']} of ${Math.round(lateness)} s ago`);
      } else if (event.time < latest) {
        this.happened('reorderedEvent', event['detail-type']);
      }
      latest = event.time > latest ? event.time : latest;
      const body = JSON.stringify(event);
      this.events.push(body);
      world.sqs.sendMessage({ QueueUrl: names.queueUrl, MessageBody: body });
    };
    for (const [name, pattern] of Object.entries(eventRules)) {
      world.eventBridge.putRule({ name, pattern, targets: [target] });
    }
    world.eventBridge.putRule({ name: 'Sweep', scheduleSeconds: 60, targets: [target] });
  }
}

const noFaults: Readonly<Record<FaultClass, number>> = {
  crash: 0,
  timeout: 0,
  zombie: 0,
  overlap: 0,
  clockJump: 0,
  staleRead: 0,
  partialRead: 0,
  emptyRead: 0,
  throttle: 0,
  serverError: 0,
  priorRequest: 0,
  appliedButError: 0,
  outage: 0,
  lostEvent: 0,
  duplicateEvent: 0,
  lateEvent: 0,
  reorderedEvent: 0,
  redrive: 0,
  poisonMessage: 0,
  fullQueue: 0,
  hookEnded: 0,
  tagEdited: 0,
  tagRemoved: 0,
  tagPoisoned: 0,
  recordEdited: 0,
  recordDeleted: 0,
  wholeFleet: 0,
  fleetOfOne: 0,
  sizeAtLimit: 0,
  nameCollision: 0,
  groupJoined: 0,
  groupLeft: 0,
  groupDeleted: 0,
  hookExpired: 0,
  tornRead: 0,
  falseDenial: 0,
};
