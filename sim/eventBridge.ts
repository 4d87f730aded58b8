import { AwsError } from './awsError.ts';
import { type EventPattern, eventPatternMatcher } from './eventPattern.ts';
import type { World } from './world.ts';

/** Time from an event to its delivery, unless a fault says otherwise. */
const eventDeliverySeconds = 0.5;

/** Characters of an instant in ISO 8601 up to its whole seconds. */
const wholeSeconds = '2026-11-21T09:00:00'.length;

/** An event as a target receives it. @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 with whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export type EventTarget = (event: EventBridgeEvent) => void | Promise<void>;

export interface EventRule {
  readonly name: string;
  /** Which events the rule takes. */
  readonly pattern?: EventPattern;
  /** Has the rule send a `Scheduled Event` of its own each time this many seconds have passed. */
  readonly scheduleSeconds?: number;
  readonly targets: readonly EventTarget[];
  /** @default true */
  readonly enabled?: boolean;
}

interface ActiveRule {
  readonly arn: string;
  readonly matches: (event: EventBridgeEvent) => boolean;
  readonly targets: readonly EventTarget[];
  enabled: boolean;
}

/** The default event bus of one Region: rules with a pattern or a schedule, and events that reach their targets a moment later. */
export class EventBridge {
  /**
   * What goes wrong with deliveries: the delays, in seconds, at which an event reaches each of its targets. None is a lost event, two a
   * duplicated one. Asked once for each event.
   *
   * @default each event arrives once, after `eventDeliverySeconds`
   */
  fault: ((event: EventBridgeEvent) => readonly number[]) | undefined;

  readonly #world: World;
  readonly #rules = new Map<string, ActiveRule>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Makes a rule, or replaces the rule of that name together with its targets and its schedule.
   *
   * @returns the ARN of the rule
   * @throws AwsError `InvalidEventPatternException` for a bad pattern, `ValidationException` for a rule without pattern and schedule or with a
   * schedule that is no whole number of minutes
   */
  putRule(rule: EventRule): string {
    if (rule.pattern === undefined && rule.scheduleSeconds === undefined) {
      throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
    }
    if (rule.scheduleSeconds !== undefined && (rule.scheduleSeconds <= 0 || rule.scheduleSeconds % 60 !== 0)) {
      throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
    }
    const active: ActiveRule = {
      arn: `arn:aws:events:${this.#world.region}:${this.#world.account}:rule/${rule.name}`,
      matches: rule.pattern === undefined ? () => false : eventPatternMatcher(rule.pattern),
      targets: rule.targets,
      enabled: rule.enabled ?? true,
    };
    this.#rules.set(rule.name, active);
    if (rule.scheduleSeconds !== undefined) {
      this.#tick(rule.name, active, rule.scheduleSeconds);
    }
    return active.arn;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  enableRule(name: string): void {
    this.#rule(name).enabled = true;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  disableRule(name: string): void {
    this.#rule(name).enabled = false;
  }

  /** Removes a rule and its schedule; that of an unknown rule does nothing, as in AWS. */
  deleteRule(name: string): void {
    this.#rules.delete(name);
  }

  /** Puts an event of a service on the bus, in its full envelope, and sends it to the targets of each rule that matches it now. */
  emit(
    source: string,
    detailType: string,
    resources: readonly string[],
    detail: Readonly<Record<string, unknown>>,
  ): EventBridgeEvent {
    const event = this.#event(source, detailType, resources, detail);
    const targets = [...this.#rules.values()]
      .filter((rule) => rule.enabled && rule.matches(event))
      .flatMap((rule) => rule.targets);
    this.#deliver(event, targets);
    return event;
  }

  #tick(name: string, rule: ActiveRule, seconds: number): void {
    this.#world.after(seconds, () => {
      if (this.#rules.get(name) !== rule) {
        return;
      }
      if (rule.enabled) {
        this.#deliver(this.#event('aws.events', 'Scheduled Event', [rule.arn], {}), rule.targets);
      }
      this.#tick(name, rule, seconds);
    });
  }

  #deliver(event: EventBridgeEvent, targets: readonly EventTarget[]): void {
    if (targets.length === 0) {
      return;
    }
    for (const seconds of this.fault?.(event) ?? [eventDeliverySeconds]) {
      for (const target of targets) {
        this.#world.after(seconds, () => target(event));
      }
    }
  }

  #event(
    source: string,
    detailType: string,
    resources: readonly string[],
    detail: Readonly<Record<string, unknown>>,
  ): EventBridgeEvent {
    return {
      version: '0',
      id: this.#world.uuid(),
      'detail-type': detailType,
      source,
      account: this.#world.account,
      time: `${this.#world.timestamp.slice(0, wholeSeconds)}Z`,
      region: this.#world.region,
      resources: [...resources],
      detail: copiedFields(detail),
    };
  }

  #rule(name: string): ActiveRule {
    const rule = this.#rules.get(name);
    if (rule === undefined) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
    }
    return rule;
  }
}

/** A copy of JSON, by hand: `structuredClone` takes longer than all the rest of an event. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  return typeof value === 'object' && value !== null ? copiedFields(value) : value;
}

function copiedFields(fields: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, copied(value)]));
}
