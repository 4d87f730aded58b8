import type {
  _InstanceType,
  CreateTagsCommandInput,
  DeleteTagsCommandInput,
  DescribeInstancesCommandInput,
  DescribeInstancesResult,
  InstanceState,
  InstanceStateName,
  Reservation,
  TerminateInstancesCommandInput,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from './awsError.ts';
import { deepFrozen } from './deepFrozen.ts';
import {
  bootSeconds,
  crashSeconds,
  shutdownSeconds,
  spotWarningSeconds,
  stopSeconds,
  tagsKeptSeconds,
  tagVanishesSeconds,
  terminatedShownSeconds,
} from './ec2/delays.ts';
import { describedInstance } from './ec2/describedInstance.ts';
import { type Ec2Instance, type InstanceNetwork, instanceStateCodes } from './ec2/instance.ts';
import { checkInstanceIds, instancesNotFound, refuseDryRun } from './ec2/instanceErrors.ts';
import { instanceFilter } from './ec2/instanceFilter.ts';
import { checkTagCount, isUserTag, readTags } from './ec2/instanceTags.ts';
import { Subnets } from './ec2/subnets.ts';
import { History } from './history.ts';
import type { World } from './world.ts';

/** Bounds of `MaxResults`, and the size of a page where none is asked for. */
const resultsPerPageMin = 5;
const resultsPerPageMax = 1000;
/** Resources in one CreateTags or DeleteTags request. */
const taggedResourcesMax = 1000;

/** How an instance is launched. */
export interface LaunchOptions {
  /** @default t4g.small */
  readonly instanceType?: _InstanceType;
  /** @default ami-00000000000000001 */
  readonly imageId?: string;
  /** @default the Region's zone "a" */
  readonly availabilityZone?: string;
  /** @default the next free address of the zone's subnet in 10.0.0.0/16 */
  readonly privateIpAddress?: string;
  /** Whether it gets an IPv6 address too. @default what `assignsIpv6` of the service says */
  readonly ipv6?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** @default false: on-demand */
  readonly spot?: boolean;
}

/** Hears of each state an instance enters, at once: what EC2 tells the rest of AWS, events or not. */
export type InstanceStateListener = (instanceId: string, state: InstanceStateName) => void;

/** Hears that an instance's tags have changed, whoever changed them; also as they go with their instance, of which no event tells. */
export type InstanceTagsListener = (instanceId: string) => void;

interface Entry {
  readonly instance: Ec2Instance;
  readonly history: History<Ec2Instance>;
}

/** EC2: instances with states, addresses and tags that change as time passes, and the events that they emit. */
export class Ec2 {
  /** Whether subnets give new instances an IPv6 address, like the subnets' own attribute. */
  assignsIpv6 = false;
  /** Whether a freed address goes to the next instance at once, in place of coming round again last. */
  reusesAddresses = false;
  /**
   * How old the view is that the next DescribeInstances answers with, in seconds (at most 600): EC2 is eventually consistent. Asked once per
   * call. Writes always meet the present.
   *
   * @default each read shows the present
   */
  readLagSeconds: (() => number) | undefined;

  readonly #world: World;
  readonly #entries = new Map<string, Entry>();
  /** What DescribeInstances shows of a view in a history; views never change. */
  readonly #reservations = new WeakMap<Ec2Instance, Reservation>();
  readonly #subnets = new Subnets();
  readonly #stateListeners: InstanceStateListener[] = [];
  readonly #tagsListeners: InstanceTagsListener[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * DescribeInstances, one reservation per instance, in no useful order. Absent or empty `InstanceIds` mean every instance. What it shows is
   * frozen: a sweep asks for the same instances over and over, and gets the same answer as long as they stay as they are.
   *
   * @throws AwsError `InvalidInstanceID.NotFound` or `InvalidInstanceID.Malformed` if one id is bad, `InvalidParameterCombination`,
   * `InvalidParameterValue`, `FilterLimitExceeded`
   * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
   */
  describeInstances(input: DescribeInstancesCommandInput): DescribeInstancesResult {
    refuseDryRun(input.DryRun);
    const ids = input.InstanceIds ?? [];
    if (ids.length > 0 && input.MaxResults !== undefined) {
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    }
    const view = this.#viewer();
    checkInstanceIds(ids, (id) => view(id) !== undefined);
    const matches = instanceFilter(input.Filters ?? []);
    const after = readToken(input.NextToken);
    const wanted: Ec2Instance[] = [];
    for (const id of ids.length === 0 ? this.#entries.keys() : new Set(ids)) {
      const instance = view(id);
      if (instance !== undefined && id > after && matches(instance)) {
        wanted.push(instance);
      }
    }
    // Ids are random, so that their order says nothing about age or group: the API promises none.
    wanted.sort((left, right) => (left.instanceId < right.instanceId ? -1 : 1));
    const page = wanted.slice(0, pageSize(input.MaxResults));
    const last = page.at(-1);
    return {
      Reservations: page.map((instance) => this.#reservation(instance)),
      ...(last === undefined || page.length === wanted.length ? {} : { NextToken: writeToken(last.instanceId) }),
    };
  }

  /**
   * CreateTags: all instances get the same tags, which overwrite those of the same keys.
   *
   * @throws AwsError `InvalidInstanceID.NotFound` if one id is unknown (no tag is written then), `TagLimitExceeded`,
   * `InvalidParameterValue` for bad or reserved tags
   */
  createTags(input: CreateTagsCommandInput): Record<string, never> {
    refuseDryRun(input.DryRun);
    const tags = readTags(input.Tags ?? []);
    if (tags.length === 0) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter tagSet');
    }
    const instances = this.#tagged(input.Resources);
    for (const instance of instances) {
      checkTagCount([...new Set([...instance.tags.keys(), ...tags.map(([key]) => key)])]);
    }
    for (const instance of instances) {
      this.writeTags(instance.instanceId, Object.fromEntries(tags.map(([key, value]) => [key, value ?? ''])));
    }
    return {};
  }

  /**
   * DeleteTags. A tag with a key only goes whatever its value is, one with a value only if it has that value; without any `Tags` every user
   * tag goes.
   *
   * @throws AwsError as `createTags`
   * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
   */
  deleteTags(input: DeleteTagsCommandInput): Record<string, never> {
    refuseDryRun(input.DryRun);
    const tags = readTags(input.Tags ?? []);
    for (const instance of this.#tagged(input.Resources)) {
      const keys =
        tags.length === 0
          ? [...instance.tags.keys()].filter(isUserTag)
          : tags.filter(([key, value]) => value === undefined || instance.tags.get(key) === value).map(([key]) => key);
      this.removeTags(instance.instanceId, keys);
    }
    return {};
  }

  /** TerminateInstances; of instances already gone or going it changes nothing. @throws AwsError `InvalidInstanceID.NotFound` */
  terminateInstances(input: TerminateInstancesCommandInput): TerminateInstancesResult {
    refuseDryRun(input.DryRun);
    const ids = input.InstanceIds ?? [];
    if (ids.length === 0) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
    }
    checkInstanceIds(ids, (id) => this.#entries.has(id));
    return {
      TerminatingInstances: [...new Set(ids)].map((id) => {
        const instance = this.#instance(id);
        const previous = instance.state;
        this.#shutDown(instance, 'Client.UserInitiatedShutdown: User initiated shutdown', shutdownSeconds);
        return { InstanceId: id, CurrentState: described(instance.state), PreviousState: described(previous) };
      }),
    };
  }

  /** Launches an instance, as RunInstances would. @returns its id */
  launch(options: LaunchOptions = {}): string {
    const instance: Ec2Instance = {
      instanceId: `i-0${this.#world.hex(16)}`,
      reservationId: `r-0${this.#world.hex(16)}`,
      imageId: options.imageId ?? 'ami-00000000000000001',
      instanceType: options.instanceType ?? 't4g.small',
      availabilityZone: options.availabilityZone ?? `${this.#world.region}a`,
      spot: options.spot ?? false,
      tags: new Map(Object.entries(options.tags ?? {})),
      launchedAt: this.#world.now,
      state: 'pending',
      network: this.#connect(options),
      stateReason: undefined,
      changes: 0,
    };
    this.#entries.set(instance.instanceId, { instance, history: new History() });
    this.#enter(instance, 'pending');
    this.#later(instance, bootSeconds, () => this.#enter(instance, 'running'));
    return instance.instanceId;
  }

  /** Starts a stopped instance. @throws AwsError `IncorrectInstanceState` in any other state */
  startInstance(instanceId: string): void {
    const instance = this.#instance(instanceId);
    if (instance.state !== 'stopped') {
      throw incorrectState(instanceId, 'started');
    }
    instance.launchedAt = this.#world.now;
    instance.stateReason = undefined;
    this.#enter(instance, 'pending');
    this.#later(instance, bootSeconds, () => this.#enter(instance, 'running'));
  }

  /** Stops a running instance, which keeps its addresses and tags. @throws AwsError `IncorrectInstanceState` in any other state */
  stopInstance(instanceId: string): void {
    const instance = this.#instance(instanceId);
    if (instance.state !== 'running') {
      throw incorrectState(instanceId, 'stopped');
    }
    instance.stateReason = reason('Client.UserInitiatedShutdown: User initiated shutdown');
    this.#enter(instance, 'stopping');
    this.#later(instance, stopSeconds, () => this.#enter(instance, 'stopped'));
  }

  /** Has an instance die of its own, unasked and soon terminated. */
  crash(instanceId: string): void {
    this.#shutDown(
      this.#instance(instanceId),
      'Server.InternalError: Internal error on launch or of the host',
      crashSeconds,
    );
  }

  /** Warns that a spot instance will be reclaimed, and reclaims it two minutes later, whatever its group's hooks say. */
  interrupt(instanceId: string): void {
    const instance = this.#instance(instanceId);
    this.#world.happened('ec2', `${instanceId}: spot interruption in ${spotWarningSeconds} s`);
    // The ARN in this event names the zone in place of the Region and no account, as AWS's example does.
    this.#world.eventBridge.emit(
      'aws.ec2',
      'EC2 Spot Instance Interruption Warning',
      [`arn:aws:ec2:${instance.availabilityZone}:instance/${instanceId}`],
      { 'instance-id': instanceId, 'instance-action': 'terminate' },
    );
    this.#world.after(spotWarningSeconds, () =>
      this.#shutDown(instance, 'Server.SpotInstanceTermination: Spot instance termination', shutdownSeconds),
    );
  }

  /** Writes tags as AWS itself may, `aws:` keys included, and emits the tag event if that changes anything. */
  writeTags(instanceId: string, tags: Readonly<Record<string, string>>): void {
    const instance = this.#instance(instanceId);
    const changed = Object.entries(tags).filter(([key, value]) => instance.tags.get(key) !== value);
    for (const [key, value] of changed) {
      instance.tags.set(key, value);
    }
    const told = changed.map(([key, value]) => `${key}=${value}`);
    this.#tagsChanged(
      instance,
      changed.map(([key]) => key),
      told,
    );
  }

  /** Removes tags as AWS itself may, `aws:` keys included, and emits the tag event if that changes anything. */
  removeTags(instanceId: string, keys: readonly string[]): void {
    const instance = this.#instance(instanceId);
    const changed = keys.filter((key) => instance.tags.delete(key));
    this.#tagsChanged(
      instance,
      changed,
      changed.map((key) => `no ${key}`),
    );
  }

  /** The instance as it is now; nothing if the world has forgotten it. */
  instance(instanceId: string): Readonly<Ec2Instance> | undefined {
    return this.#entries.get(instanceId)?.instance;
  }

  /** Calls back on every state change from now on. */
  onStateChange(listener: InstanceStateListener): void {
    this.#stateListeners.push(listener);
  }

  /** Calls back on every change of tags from now on; the tags that an instance is launched with are no change. */
  onTagsChange(listener: InstanceTagsListener): void {
    this.#tagsListeners.push(listener);
  }

  instanceArn(instanceId: string): string {
    return `arn:aws:ec2:${this.#world.region}:${this.#world.account}:instance/${instanceId}`;
  }

  #connect(options: LaunchOptions): InstanceNetwork {
    const availabilityZone = options.availabilityZone ?? `${this.#world.region}a`;
    const privateIpAddress =
      options.privateIpAddress === undefined
        ? this.#subnets.take(availabilityZone, this.reusesAddresses)
        : this.#subnets.takeFixed(options.privateIpAddress);
    return {
      subnetId: this.#subnets.subnetId(availabilityZone),
      networkInterfaceId: `eni-0${this.#world.hex(16)}`,
      privateIpAddress,
      ipv6Address: (options.ipv6 ?? this.assignsIpv6) ? ipv6Beside(privateIpAddress) : undefined,
    };
  }

  #shutDown(instance: Ec2Instance, why: string, seconds: number): void {
    if (instance.state === 'shutting-down' || instance.state === 'terminated') {
      return;
    }
    instance.stateReason = reason(why);
    this.#enter(instance, 'shutting-down');
    this.#later(instance, seconds, () => this.#terminated(instance));
  }

  #terminated(instance: Ec2Instance): void {
    if (instance.network !== undefined) {
      this.#subnets.free(instance.network.privateIpAddress);
      instance.network = undefined;
    }
    this.#enter(instance, 'terminated');
    this.#world.after(tagsKeptSeconds, () => this.#vanishTag(instance));
    this.#world.after(terminatedShownSeconds, () => {
      this.#entries.delete(instance.instanceId);
    });
  }

  /** No event tells of tags that go with their instance. */
  #vanishTag(instance: Ec2Instance): void {
    const [key] = instance.tags.keys();
    if (key !== undefined) {
      instance.tags.delete(key);
      this.#noteTags(instance);
      this.#world.after(tagVanishesSeconds, () => this.#vanishTag(instance));
    }
  }

  #enter(instance: Ec2Instance, state: InstanceStateName): void {
    instance.state = state;
    instance.changes += 1;
    this.#note(instance);
    this.#world.happened('ec2', `${instance.instanceId}: ${state}`);
    this.#world.eventBridge.emit(
      'aws.ec2',
      'EC2 Instance State-change Notification',
      [this.instanceArn(instance.instanceId)],
      {
        'instance-id': instance.instanceId,
        state,
      },
    );
    for (const listener of this.#stateListeners) {
      listener(instance.instanceId, state);
    }
  }

  /** Goes on to the next state, unless something else changed the state in the meantime. */
  #later(instance: Ec2Instance, seconds: number, run: () => void): void {
    const changes = instance.changes;
    this.#world.after(seconds, () => {
      if (instance.changes === changes) {
        run();
      }
    });
  }

  #tagsChanged(instance: Ec2Instance, changedKeys: readonly string[], told: readonly string[]): void {
    if (changedKeys.length === 0) {
      return;
    }
    this.#noteTags(instance);
    this.#world.happened('ec2', `${instance.instanceId}: tags ${told.join(', ')}`);
    this.#world.eventBridge.emit('aws.tag', 'Tag Change on Resource', [this.instanceArn(instance.instanceId)], {
      'changed-tag-keys': changedKeys,
      service: 'ec2',
      'resource-type': 'instance',
      version: 3,
      tags: Object.fromEntries(instance.tags),
    });
  }

  #noteTags(instance: Ec2Instance): void {
    this.#note(instance);
    for (const listener of this.#tagsListeners) {
      listener(instance.instanceId);
    }
  }

  #note(instance: Ec2Instance): void {
    const view = { ...instance, tags: new Map(instance.tags) };
    this.#entries.get(instance.instanceId)?.history.note(view, this.#world.now);
  }

  /** Looks instances up as the read that begins shows them. */
  #viewer(): (instanceId: string) => Ec2Instance | undefined {
    const lag = this.readLagSeconds?.() ?? 0;
    const instant = this.#world.now - Math.round(lag * 1000);
    return (instanceId) => {
      const history = this.#entries.get(instanceId)?.history;
      return lag === 0 ? history?.latest : history?.at(instant);
    };
  }

  #tagged(resources: readonly string[] | undefined): readonly Ec2Instance[] {
    const ids = [...new Set(resources ?? [])];
    if (ids.length === 0) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
    }
    if (ids.length > taggedResourcesMax) {
      throw new AwsError('InvalidParameterValue', `The maximum number of resources is ${taggedResourcesMax}`);
    }
    checkInstanceIds(ids, (id) => this.#entries.has(id));
    return ids.map((id) => this.#instance(id));
  }

  #reservation(view: Ec2Instance): Reservation {
    const known = this.#reservations.get(view);
    if (known !== undefined) {
      return known;
    }
    const reservation = deepFrozen({
      ReservationId: view.reservationId,
      OwnerId: this.#world.account,
      Instances: [describedInstance(view, this.#world.account, this.#world.region)],
    });
    this.#reservations.set(view, reservation);
    return reservation;
  }

  #instance(instanceId: string): Ec2Instance {
    const entry = this.#entries.get(instanceId);
    if (entry === undefined) {
      throw instancesNotFound([instanceId]);
    }
    return entry.instance;
  }
}

/** The IPv6 address beside an IPv4 one, from the prefix that RFC 3849 keeps for documentation; as unique as that one. */
function ipv6Beside(privateIpAddress: string): string {
  const host = privateIpAddress.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0) % 65536;
  return `2001:db8:0:1::${host.toString(16)}`;
}

function pageSize(maxResults: number | undefined): number {
  if (maxResults === undefined) {
    return resultsPerPageMax;
  }
  if (maxResults < resultsPerPageMin || maxResults > resultsPerPageMax) {
    const bound =
      maxResults < resultsPerPageMin ? `greater than ${resultsPerPageMin}` : `less than ${resultsPerPageMax}`;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value ${bound}.`,
    );
  }
  return maxResults;
}

function writeToken(instanceId: string): string {
  return Buffer.from(instanceId).toString('base64url');
}

function readToken(token: string | undefined): string {
  if (token === undefined) {
    return '';
  }
  const instanceId = Buffer.from(token, 'base64url').toString();
  if (!instanceId.startsWith('i-')) {
    throw new AwsError('InvalidParameterValue', 'Unable to parse pagination token');
  }
  return instanceId;
}

function described(state: InstanceStateName): InstanceState {
  return { Code: instanceStateCodes[state], Name: state };
}

function reason(text: string): { readonly code: string; readonly message: string } {
  return { code: text.slice(0, text.indexOf(':')), message: text };
}

function incorrectState(instanceId: string, wanted: string): AwsError {
  return new AwsError(
    'IncorrectInstanceState',
    `The instance '${instanceId}' is not in a state from which it can be ${wanted}.`,
  );
}
