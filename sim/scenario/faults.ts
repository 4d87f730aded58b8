import { AwsError } from '../awsError.ts';
import type { PortCallName, PortFaults } from '../ports/gate.ts';
import type { Milliseconds, World } from '../world.ts';
import type { Dice } from './dice.ts';
import type { FaultClass } from './faultClass.ts';
import { type FunctionRun, Killed } from './functionRun.ts';
import type { DiceFault, Outage, Scenario } from './scenario.ts';
import { TokenBucket } from './tokenBucket.ts';

/** Reads are taken to be at most this old (limits.ts, `staleSecondsMax`). */
const staleSecondsMax = 60;

/** A run stands still this long before an effect, as a process that is frozen does; Lambda ends it after 60 s in all. */
const zombieSeconds = { least: 15, most: 58 } as const;

/** MaxResults of DescribeInstances is at least 5. */
const instancesPerPageMin = 5;

/** A call that takes long. */
const slowSeconds = { least: 5, most: 40 } as const;

const callSeconds = { least: 0.02, most: 0.2 } as const;

/** Calls that change the world. */
const effects: ReadonlySet<PortCallName> = new Set(['records.change', 'instances.tag', 'groups.act', 'wakeUps.send']);

const describes: ReadonlySet<PortCallName> = new Set([
  'groups.ofClusters',
  'groups.named',
  'instances.ofGroups',
  'instances.byId',
]);

/** What a run of the function may meet, and who hears of it. */
export interface FaultsProps {
  readonly world: World;
  readonly scenario: Scenario;
  readonly dice: Dice;
  /** A fault really happened. */
  readonly happened: (fault: FaultClass, about: string) => void;
}

/** All that goes wrong with the function's calls: by the dice, and by what is out of order. */
export class Faults {
  readonly #props: FaultsProps;
  readonly #buckets: Readonly<Record<'route53' | 'autoScaling' | 'ec2' | 'sqs', TokenBucket>>;
  readonly #outages: { readonly of: Outage; readonly until: Milliseconds }[] = [];
  readonly #denied = new Set<string>();
  #effects = 0;

  constructor(props: FaultsProps) {
    this.#props = props;
    this.#buckets = {
      // ChangeResourceRecordSets, ListResourceRecordSets and GetChange share five requests a second (Route 53 quotas).
      route53: new TokenBucket(5, 5),
      autoScaling: new TokenBucket(10, 5),
      ec2: new TokenBucket(10, 5),
      sqs: new TokenBucket(100, 100),
    };
  }

  /** How many effects the function's calls have had. */
  get effects(): number {
    return this.#effects;
  }

  /** From now on something does not answer, for some seconds. */
  break(of: Outage, seconds: number): void {
    this.#outages.push({ of, until: this.#props.world.now + seconds * 1000 });
  }

  isOut(...kinds: readonly Outage[]): boolean {
    const { now } = this.#props.world;
    return this.#outages.some(({ of, until }) => until > now && (of === 'everything' || kinds.includes(of)));
  }

  /** All outages are over. */
  mend(): void {
    this.#outages.length = 0;
  }

  /** The faults of one run's calls. `spoiled` hears of each that may have shown the run less than there is, or failed it. */
  of(run: FunctionRun, spoiled: (fault: FaultClass, name: PortCallName, subject: string) => void): PortFaults {
    const { dice, world } = this.#props;
    const spoil = (fault: FaultClass, name: PortCallName, subject: string): void => {
      this.#props.happened(fault, `run ${run.number}: ${name} ${subject}`);
      spoiled(fault, name, subject);
    };
    let empty = false;
    return {
      step: (name) => {
        empty = describes.has(name) && dice.strikes('emptyRead');
        if (empty) {
          spoil('emptyRead', name, '');
        }
        return run.standStill(this.#seconds(run, name));
      },
      staleSeconds: (name) => {
        if (!dice.strikes('staleRead')) {
          return 0;
        }
        spoil('staleRead', name, '');
        return dice.draw('age') * staleSecondsMax;
      },
      pageSize: (name) => {
        if (!dice.strikes('tornRead')) {
          return undefined;
        }
        spoil('tornRead', name, '');
        return name === 'groups.ofClusters' ? 1 : instancesPerPageMin;
      },
      omits: (name, subject) => {
        if (empty) {
          return true;
        }
        const partial = dice.strikes('partialRead');
        if (partial) {
          spoil('partialRead', name, subject);
        }
        return partial;
      },
      fault: (name, subject) => {
        if (name === 'instances.isDenied' && !this.#denied.has(subject) && dice.strikes('falseDenial')) {
          this.#denied.add(subject);
          spoil('falseDenial', name, subject);
          return new AwsError('InvalidInstanceID.NotFound', `The instance ID '${subject}' does not exist`);
        }
        const fault = this.#failure(name);
        if (fault === undefined) {
          return undefined;
        }
        spoil(fault.class, name, subject);
        return fault.answer;
      },
      onCall: ({ name }) => {
        if (!effects.has(name)) {
          return;
        }
        this.#effects += 1;
        if (this.#effects === this.#props.scenario.dieAfterEffect || dice.strikes('crash')) {
          this.#props.happened(
            'crash',
            `run ${run.number}: after ${name}, effect ${this.#effects} (at ${world.timestamp})`,
          );
          run.kill(`it died after ${name}`);
          throw new Killed(`The function died after ${name}`);
        }
      },
    };
  }

  #seconds(run: FunctionRun, name: PortCallName): number {
    const { dice } = this.#props;
    const between = ({ least, most }: { readonly least: number; readonly most: number }, about: string): number =>
      least + dice.draw(about) * (most - least);
    if (effects.has(name) && dice.strikes('zombie')) {
      const seconds = between(zombieSeconds, 'zombie seconds');
      this.#props.happened('zombie', `run ${run.number}: stands still for ${Math.round(seconds)} s before ${name}`);
      return seconds;
    }
    return dice.strikes('timeout') ? between(slowSeconds, 'slow seconds') : between(callSeconds, 'call seconds');
  }

  #failure(
    name: PortCallName,
  ): { readonly class: FaultClass; readonly answer: AwsError | 'appliedButError' } | undefined {
    const { dice, world } = this.#props;
    if (this.isOut(...outagesOf(name))) {
      return { class: 'outage', answer: serverError() };
    }
    const bucket = this.#buckets[serviceOf(name)];
    if (dice.strikes('throttle')) {
      bucket.empty(world.now);
    }
    const throttles: DiceFault = 'throttle';
    if ((this.#props.scenario.rates[throttles] ?? 0) > 0 && !bucket.take(world.now)) {
      return { class: throttles, answer: new AwsError('Throttling', 'Rate exceeded') };
    }
    if (dice.strikes('serverError')) {
      return { class: 'serverError', answer: serverError() };
    }
    if (name === 'records.change' && dice.strikes('priorRequest')) {
      const text = 'The request was rejected because Route 53 was still processing a prior request.';
      return { class: 'priorRequest', answer: new AwsError('PriorRequestNotComplete', text) };
    }
    return effects.has(name) && dice.strikes('appliedButError')
      ? { class: 'appliedButError', answer: 'appliedButError' }
      : undefined;
  }
}

function serverError(): AwsError {
  return new AwsError('ServiceUnavailable', 'Service is unavailable.', 503);
}

function serviceOf(name: PortCallName): 'route53' | 'autoScaling' | 'ec2' | 'sqs' {
  if (name.startsWith('records.')) {
    return 'route53';
  }
  if (name.startsWith('groups.')) {
    return 'autoScaling';
  }
  return name.startsWith('instances.') ? 'ec2' : 'sqs';
}

function outagesOf(name: PortCallName): readonly Outage[] {
  switch (name) {
    case 'records.change':
      return ['records', 'writes'];
    case 'records.list':
    case 'records.hasPropagated':
      return ['records', 'reads'];
    case 'instances.tag':
      return ['tags'];
    case 'groups.act':
      return ['hooks'];
    case 'wakeUps.send':
      return ['queue'];
    default:
      return ['reads'];
  }
}
