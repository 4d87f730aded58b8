import type {
  Change,
  ChangeInfo,
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  CreateHostedZoneRequest,
  CreateHostedZoneResponse,
  DelegationSet,
  GetChangeRequest,
  GetChangeResponse,
  GetHostedZoneRequest,
  GetHostedZoneResponse,
  HostedZone,
  ListHostedZonesByNameRequest,
  ListHostedZonesByNameResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
  ResourceRecordSet,
  VPC,
} from '@aws-sdk/client-route-53';
import { AwsError } from './awsError.ts';
import { applyChangeBatch, type RecordSets, recordSetKey } from './route53/changeBatch.ts';
import { copiedRecordSet } from './route53/copiedRecordSet.ts';
import { canonicalName, isInZone, sortKey } from './route53/domainName.ts';
import { compareListingKeys, firstListedFrom, type Listed, listing } from './route53/listing.ts';
import type { Milliseconds, World } from './world.ts';

/** Bounds of the time from an accepted batch to INSYNC; AWS says "generally within 60 seconds". */
export const propagationSecondsMin = 2;
export const propagationSecondsMax = 50;

/** Record sets on one page of a listing at most, which is also the default. */
const recordSetsPerPageMax = 300;

const zonesPerPageMax = 100;
const identifierPrefix = /^\/?(?:hostedzone|change)\//u;

/** One batch that Route 53 accepted. */
export interface Write {
  readonly at: Milliseconds;
  readonly hostedZoneId: string;
  readonly changeId: string;
  readonly changes: readonly Change[];
  /** Access key id of the caller, where the call came over the wire. */
  readonly principal: string | undefined;
  /** When every name server answers by it. */
  readonly inSyncAt: Milliseconds;
}

/** What authoritative DNS answers for one name and type. */
export interface DnsAnswer {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly values: readonly string[];
}

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly vpc: VPC | undefined;
  accepted: RecordSets;
  /** The accepted record sets in the order of a listing; nothing until somebody lists them. */
  listed: readonly Listed[] | undefined;
  propagated: RecordSets;
  /** When the last accepted batch is INSYNC: a later batch is never so earlier. */
  inSyncAt: Milliseconds;
}

/** Hosted zones with Route 53's batch semantics, limits, order of listing and propagation. */
export class Route53 {
  /** Seconds from an accepted batch to INSYNC; 0 propagates at once. @default drawn for each batch between the bounds above */
  propagationSeconds: number | undefined;
  /** Every accepted batch, oldest first. */
  readonly writes: Write[] = [];

  readonly #world: World;
  readonly #zones = new Map<string, Zone>();
  readonly #changes = new Map<string, ChangeInfo>();
  readonly #listeners: ((write: Write) => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Calls back on every batch accepted from now on. */
  onWrite(listener: (write: Write) => void): void {
    this.#listeners.push(listener);
  }

  /** Sets up a zone under an id of the caller's choice, such as the one in `cdk.json`. Not an AWS operation; returns the bare id. */
  addHostedZone(name: string, id = this.#identifier('Z')): string {
    this.#addZone(id, { Name: name, CallerReference: id });
    return id;
  }

  createHostedZone(input: CreateHostedZoneRequest): CreateHostedZoneResponse {
    const zone = this.#addZone(this.#identifier('Z'), input);
    return {
      HostedZone: hostedZone(zone),
      ChangeInfo: this.#recordChange(0, undefined),
      DelegationSet: delegationSet(),
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      ...(zone.vpc === undefined ? {} : { VPC: zone.vpc }),
    };
  }

  getHostedZone({ Id: id }: GetHostedZoneRequest): GetHostedZoneResponse {
    const zone = this.#zone(id);
    return {
      HostedZone: hostedZone(zone),
      ...(zone.vpc === undefined ? { DelegationSet: delegationSet() } : { VPCs: [zone.vpc] }),
    };
  }

  listHostedZonesByName(input: ListHostedZonesByNameRequest): ListHostedZonesByNameResponse {
    const { DNSName: startName, HostedZoneId: startId = '' } = input;
    const limit = Math.min(input.MaxItems ?? zonesPerPageMax, zonesPerPageMax);
    const start = startName === undefined ? [] : [sortKey(canonicalName(startName)), bareIdentifier(startId)];
    const rest = [...this.#zones.values()]
      .map((zone) => ({ zone, key: [sortKey(zone.name), zone.id] }))
      .filter(({ key }) => compareListingKeys(key, start) >= 0)
      .toSorted((left, right) => compareListingKeys(left.key, right.key));
    const next = rest[limit]?.zone;
    return {
      HostedZones: rest.slice(0, limit).map(({ zone }) => hostedZone(zone)),
      IsTruncated: next !== undefined,
      MaxItems: limit,
      ...(startName === undefined ? {} : { DNSName: startName }),
      ...(next === undefined ? {} : { NextDNSName: next.name, NextHostedZoneId: next.id }),
    };
  }

  /** `principal` is whoever signed the call, for the log of writes. */
  changeResourceRecordSets(
    input: ChangeResourceRecordSetsRequest,
    principal?: string,
  ): ChangeResourceRecordSetsResponse {
    const zone = this.#zone(input.HostedZoneId);
    const accepted = applyChangeBatch({ id: zone.id, name: zone.name, recordSets: zone.accepted }, input.ChangeBatch);
    zone.accepted = accepted;
    zone.listed = undefined;

    // Batches of one zone become INSYNC in the order of their acceptance, so that an answer never goes back in time.
    const inSyncAt = Math.max(zone.inSyncAt, this.#world.now + Math.round(this.#drawPropagationSeconds() * 1000));
    zone.inSyncAt = inSyncAt;
    const info = this.#recordChange((inSyncAt - this.#world.now) / 1000, input.ChangeBatch?.Comment, () => {
      zone.propagated = accepted;
    });
    const changes = (input.ChangeBatch?.Changes ?? []).map(copiedChange);
    const changeId = bareIdentifier(info.Id);
    const write = { at: this.#world.now, hostedZoneId: zone.id, changeId, changes, principal, inSyncAt };
    this.writes.push(write);
    this.#world.happened('route53', `${changeId} accepted: ${changes.map(summarize).join(', ')}`);
    for (const listener of this.#listeners) {
      listener(write);
    }
    return { ChangeInfo: { ...info } };
  }

  /** Sees every accepted batch, PENDING ones included. Starts at the first record set at or after the name and type given. */
  listResourceRecordSets(input: ListResourceRecordSetsRequest): ListResourceRecordSetsResponse {
    const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: identifier, MaxItems: asked } = input;
    const zone = this.#zone(input.HostedZoneId);
    if (type !== undefined && name === undefined) {
      throw new AwsError(
        'InvalidInput',
        'Invalid request: StartRecordName is required when StartRecordType is specified',
      );
    }
    if (identifier !== undefined && type === undefined) {
      throw new AwsError(
        'InvalidInput',
        'Invalid request: StartRecordType is required when StartRecordIdentifier is specified',
      );
    }
    if (asked !== undefined && asked < 1) {
      throw new AwsError('InvalidInput', `Invalid request: MaxItems must be at least 1, but found ${asked}`);
    }
    const limit = Math.min(asked ?? recordSetsPerPageMax, recordSetsPerPageMax);
    const start = name === undefined ? [] : [sortKey(canonicalName(name)), type ?? '', identifier ?? ''];
    const all = listed(zone);
    const first = firstListedFrom(all, start);
    const next = all[first + limit]?.recordSet;
    return {
      ResourceRecordSets: all.slice(first, first + limit).map(({ recordSet }) => copiedRecordSet(recordSet)),
      IsTruncated: next !== undefined,
      MaxItems: limit,
      ...(next === undefined ? {} : { NextRecordName: next.Name, NextRecordType: next.Type }),
      ...(next?.SetIdentifier === undefined ? {} : { NextRecordIdentifier: next.SetIdentifier }),
    };
  }

  getChange({ Id: id }: GetChangeRequest): GetChangeResponse {
    const info = this.#changes.get(bareIdentifier(id));
    if (info === undefined) {
      throw new AwsError('NoSuchChange', `Could not find resource with ID: ${bareIdentifier(id)}`, 404);
    }
    return { ChangeInfo: { ...info } };
  }

  /** What authoritative DNS answers now: only what is INSYNC. `undefined` where there is no such record set. */
  answer(name: string, type: string): DnsAnswer | undefined {
    const canonical = canonicalName(name);
    const zone = [...this.#zones.values()]
      .filter((candidate) => isInZone(canonical, candidate.name))
      .toSorted((left, right) => right.name.length - left.name.length)[0];
    const found = [...(zone?.propagated.values() ?? [])].filter(
      (recordSet) => recordSet.Name === canonical && recordSet.Type === type,
    );
    const values = found.flatMap((recordSet) => (recordSet.ResourceRecords ?? []).map((record) => record.Value ?? ''));
    return found.length === 0
      ? undefined
      : { name: canonical, type, ttl: Math.min(...found.map((recordSet) => recordSet.TTL ?? 0)), values };
  }

  /** What the zone holds by all accepted batches, in the order of a listing; copies. */
  records(hostedZoneId: string): readonly ResourceRecordSet[] {
    return listed(this.#zone(hostedZoneId)).map(({ recordSet }) => copiedRecordSet(recordSet));
  }

  #addZone(id: string, input: CreateHostedZoneRequest): Zone {
    const name = canonicalName(input.Name ?? '');
    const recordSets = new Map(apexRecordSets(name).map((recordSet) => [recordSetKey(recordSet), recordSet]));
    const zone: Zone = {
      id,
      name,
      callerReference: input.CallerReference ?? '',
      comment: input.HostedZoneConfig?.Comment,
      vpc: input.VPC,
      accepted: recordSets,
      listed: undefined,
      propagated: recordSets,
      inSyncAt: this.#world.now,
    };
    this.#zones.set(id, zone);
    return zone;
  }

  #zone(id: string | undefined): Zone {
    const zone = this.#zones.get(bareIdentifier(id));
    if (zone === undefined) {
      throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${bareIdentifier(id)}`, 404);
    }
    return zone;
  }

  #recordChange(seconds: number, comment: string | undefined, onInSync?: () => void): ChangeInfo {
    const id = this.#identifier('C');
    const info: ChangeInfo = {
      Id: `/change/${id}`,
      Status: 'PENDING',
      SubmittedAt: new Date(this.#world.now),
      ...(comment === undefined ? {} : { Comment: comment }),
    };
    const settle = (): void => {
      info.Status = 'INSYNC';
      onInSync?.();
      this.#world.happened('route53', `${id} is INSYNC`);
    };
    if (seconds === 0) {
      settle();
    } else {
      this.#world.after(seconds, settle);
    }
    this.#changes.set(id, info);
    return info;
  }

  #drawPropagationSeconds(): number {
    return (
      this.propagationSeconds ??
      propagationSecondsMin + this.#world.random() * (propagationSecondsMax - propagationSecondsMin)
    );
  }

  #identifier(letter: string): string {
    return `${letter}0${this.#world.hex(19).toUpperCase()}`;
  }
}

function bareIdentifier(id: string | undefined): string {
  return (id ?? '').replace(identifierPrefix, '');
}

function hostedZone(zone: Zone): HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { PrivateZone: zone.vpc !== undefined, ...(zone.comment === undefined ? {} : { Comment: zone.comment }) },
    ResourceRecordSetCount: zone.accepted.size,
  };
}

const nameServers = ['ns-1.example.net', 'ns-2.example.org'];

function delegationSet(): DelegationSet {
  return { NameServers: [...nameServers] };
}

function apexRecordSets(name: string): readonly ResourceRecordSet[] {
  const soa = `${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { Name: name, Type: 'NS', TTL: 172_800, ResourceRecords: nameServers.map((server) => ({ Value: `${server}.` })) },
    { Name: name, Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: soa }] },
  ];
}

function listed(zone: Zone): readonly Listed[] {
  zone.listed ??= listing(zone.accepted);
  return zone.listed;
}

function copiedChange({ Action, ResourceRecordSet: recordSet }: Change): Change {
  return { Action, ResourceRecordSet: recordSet === undefined ? undefined : copiedRecordSet(recordSet) };
}

function summarize({ Action: action, ResourceRecordSet: recordSet }: Change): string {
  return `${action} ${recordSet?.Type} ${recordSet?.Name}`;
}
