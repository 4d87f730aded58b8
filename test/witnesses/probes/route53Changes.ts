import { type Probe, refusal, refusalText } from './probe.ts';
import { batch, batchText, change, create, createZone, listing, remove, set, upsert } from './zone.ts';

const changeResourceRecordSets =
  'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html';
const quotas = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html';
const recordTypes = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html';
const resourceRecordSet = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html';
const domainNameFormat = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html';
// The documentation has the rules, but not the texts of Route 53's refusals. They are in many logs, such as these.
const existingSet = 'https://github.com/kubernetes-sigs/external-dns/issues/5939';
const otherValues = 'https://github.com/kubernetes-sigs/external-dns/issues/732';
const repeatedSet = 'https://github.com/kubernetes-sigs/external-dns/issues/4241';

const web = set('_http._tcp.web', 'SRV', '0 1 443 a.example', '0 2 443 b.example');
const next = set('_http._tcp.web', 'SRV', '0 3 443 c.example');
const holdsWeb = ['_http._tcp.web SRV 10 0 1 443 a.example | 0 2 443 b.example'];
const holdsNext = ['_http._tcp.web SRV 10 0 3 443 c.example'];
const webNamed = "[name='_http._tcp.web.svc.example.internal.', type='SRV']";
const host = set('i-1.web', 'A', '10.0.0.1');
const holdsHost = ['i-1.web A 10 10.0.0.1'];

/** That many values of an SRV set, each of 40 characters. */
const targets = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `0 1 443 ${`host-${index}`.padEnd(24, 'x')}.example`);

const invalid = (message: string, holds: readonly string[]) => ({
  batch: `400 InvalidChangeBatch: ${message}`,
  holds,
});

/** What change batches do: the compare-and-swap that every write of ours is. */
export const route53Changes: readonly Probe[] = [
  {
    name: 'A CREATE makes a record set, with its values as they were given',
    page: changeResourceRecordSets,
    ask: batch([], create(web)),
    answer: { batch: 'accepted', holds: holdsWeb },
  },
  {
    name: 'A CREATE of what exists with other values is refused',
    page: existingSet,
    ask: batch([web], create(next)),
    answer: { batch: '400 InvalidChangeBatch', holds: holdsWeb },
  },
  {
    name: 'A DELETE that repeats what exists removes it',
    page: changeResourceRecordSets,
    ask: batch([web, host], remove(web)),
    answer: { batch: 'accepted', holds: holdsHost },
  },
  {
    name: 'A DELETE may name the values in another order',
    page: 'https://github.com/floci-io/floci/pull/3565',
    ask: batch([web], remove(set('_http._tcp.web', 'SRV', '0 2 443 b.example', '0 1 443 a.example'))),
    answer: { batch: 'accepted', holds: [] },
  },
  {
    name: 'A CREATE of exactly what exists is refused',
    page: existingSet,
    ask: batchText([host], create(host)),
    answer: invalid(
      "Tried to create resource record set [name='i-1.web.svc.example.internal.', type='A'] but it already exists",
      holdsHost,
    ),
  },
  {
    name: 'A DELETE without TTL and values is refused',
    page: 'https://github.com/aws/aws-sdk-ruby/issues/1119',
    ask: batchText([host], { Action: 'DELETE', ResourceRecordSet: { Name: host.Name, Type: 'A' } }),
    answer: {
      batch:
        '400 InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=DELETE, Name=i-1.web.svc.example.internal., Type=A, SetIdentifier=null]',
      holds: holdsHost,
    },
  },
  {
    name: 'A DELETE of what does not exist is refused',
    page: 'https://github.com/boto/boto/issues/2887',
    ask: batchText([], remove(web)),
    answer: invalid(`Tried to delete resource record set ${webNamed} but it was not found`, []),
  },
  ...[
    { what: 'another TTL', wrong: { ...web, TTL: 11 } },
    { what: 'a value less', wrong: set('_http._tcp.web', 'SRV', '0 1 443 a.example') },
    { what: 'another value', wrong: set('_http._tcp.web', 'SRV', '0 1 443 a.example', '0 0 443 b.example') },
    { what: 'a value spelt otherwise', wrong: set('_http._tcp.web', 'SRV', '0 1 443 a.example.', '0 2 443 b.example') },
  ].map(({ what, wrong }) => ({
    name: `A DELETE with ${what} is refused`,
    page: otherValues,
    ask: batchText([web], remove(wrong)),
    answer: invalid(
      `Tried to delete resource record set ${webNamed} but the values provided do not match the current values`,
      holdsWeb,
    ),
  })),
  {
    name: 'DELETE and CREATE of one record set in one batch swap it',
    page: changeResourceRecordSets,
    ask: batch([web], remove(web), create(next)),
    answer: { batch: 'accepted', holds: holdsNext },
  },
  {
    name: 'A lost swap changes nothing, not even what else is in the batch',
    page: changeResourceRecordSets,
    ask: batch([web], create(host), remove(next), create(next)),
    answer: { batch: '400 InvalidChangeBatch', holds: holdsWeb },
  },
  {
    name: 'The faults of one batch come as one list',
    page: existingSet,
    ask: batchText([host], remove(web), create(host)),
    answer: invalid(
      `Tried to delete resource record set ${webNamed} but it was not found, Tried to create resource record set [name='i-1.web.svc.example.internal.', type='A'] but it already exists`,
      holdsHost,
    ),
  },
  {
    name: 'A batch that deletes one record set twice is refused',
    page: repeatedSet,
    ask: batch([web], remove(web), remove(web)),
    answer: { batch: '400 InvalidChangeBatch', holds: holdsWeb },
  },
  {
    name: 'A batch that creates one record set twice is refused',
    page: repeatedSet,
    ask: batch([], create(web), create(next)),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  {
    name: 'An UPSERT makes what does not exist and overwrites what does',
    page: changeResourceRecordSets,
    ask: batch([web], upsert(next), upsert(host)),
    answer: { batch: 'accepted', holds: [...holdsNext, 'i-1.web A 10 10.0.0.1'] },
  },
  {
    name: 'A batch without changes is refused',
    page: changeResourceRecordSets,
    ask: batch([]),
    answer: { batch: '400 InvalidInput', holds: [] },
  },
  {
    name: 'A record set without values is refused',
    page: resourceRecordSet,
    ask: batch([], create(set('web', 'A'))),
    answer: { batch: '400 InvalidInput', holds: [] },
  },
  {
    name: 'A change in an unknown zone is refused',
    page: changeResourceRecordSets,
    ask: (aws) => refusalText(change(aws, 'Z0UNKNOWN', [create(web)])),
    answer: '404 NoSuchHostedZone: No hosted zone found with ID: Z0UNKNOWN',
  },
  {
    name: 'A value may stand in a record set only once',
    page: 'https://github.com/kubernetes-sigs/external-dns/issues/1929',
    ask: batchText([], create(set('web', 'A', '10.0.0.1', '10.0.0.1'))),
    answer: invalid("Duplicate Resource Record: '10.0.0.1'", []),
  },
  {
    name: 'A batch may hold 1,000 values',
    page: quotas,
    ask: batch([], ...[0, 1, 2, 3].map((part) => create(set(`part-${part}`, 'A', ...addresses(part, 250))))),
    answer: { batch: 'accepted', holds: [0, 1, 2, 3].map((part) => `part-${part} A 10 250 values`) },
  },
  {
    name: 'A batch of 1,001 values is refused',
    page: quotas,
    ask: batchText(
      [],
      ...[0, 1, 2, 3].map((part) => create(set(`part-${part}`, 'A', ...addresses(part, part === 3 ? 251 : 250)))),
    ),
    answer: invalid('Number of records limit of 1000 exceeded.', []),
  },
  {
    name: 'A batch may hold 32,000 characters',
    page: quotas,
    ask: batch([], create(set('one', 'SRV', ...targets(400))), create(set('two', 'SRV', ...targets(400)))),
    answer: { batch: 'accepted', holds: ['one SRV 10 400 values', 'two SRV 10 400 values'] },
  },
  {
    name: 'A batch of more than 32,000 characters is refused',
    page: quotas,
    ask: batch(
      [],
      create(set('one', 'SRV', ...targets(400))),
      create(set('two', 'SRV', ...targets(400))),
      create(set('three', 'A', '10.0.0.1')),
    ),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  {
    name: 'A record set of 401 values is refused',
    page: quotas,
    ask: batch([], create(set('one', 'SRV', ...targets(401)))),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  {
    name: 'A TXT value holds several quoted strings of at most 255 characters, and comes back as it was given',
    page: recordTypes,
    ask: batch([], create(set('web', 'TXT', '"heritage=asg-srv" "leaving=i-1@1795251864,i-2@1795251830"'))),
    answer: {
      batch: 'accepted',
      holds: ['web TXT 10 "heritage=asg-srv" "leaving=i-1@1795251864,i-2@1795251830"'],
    },
  },
  {
    name: 'A TXT string of 256 characters is refused',
    page: recordTypes,
    ask: batch([], create(set('web', 'TXT', `"${'a'.repeat(256)}"`))),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  {
    name: 'A TXT value without quotes is refused',
    page: recordTypes,
    ask: batch([], create(set('web', 'TXT', 'plain'))),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  ...[
    { what: 'An SRV value of three fields', wrong: set('web', 'SRV', '0 443 a.example') },
    { what: 'An SRV port of 70000', wrong: set('web', 'SRV', '0 1 70000 a.example') },
    { what: 'An A value that is a name', wrong: set('web', 'A', 'a.example') },
    { what: 'An AAAA value that is an IPv4 address', wrong: set('web', 'AAAA', '10.0.0.1') },
  ].map(({ what, wrong }) => ({
    name: `${what} is refused`,
    page: recordTypes,
    ask: batch([], create(wrong)),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  })),
  {
    name: 'A name outside the zone is refused',
    page: changeResourceRecordSets,
    ask: batch([], create({ ...host, Name: 'web.example.org.' })),
    answer: { batch: '400 InvalidChangeBatch', holds: [] },
  },
  {
    name: 'A name comes back in lower case and with a trailing dot, and other bytes than a-z, 0-9, - and _ in octal',
    page: domainNameFormat,
    ask: batch(
      [],
      create({ ...host, Name: 'WEB.svc.example.internal' }),
      create(set('*', 'A', '10.0.0.2')),
      create(set('a@b', 'A', '10.0.0.3')),
    ),
    answer: { batch: 'accepted', holds: ['\\052 A 10 10.0.0.2', 'a\\100b A 10 10.0.0.3', 'web A 10 10.0.0.1'] },
  },
  {
    name: 'A name in another case is the same name',
    page: domainNameFormat,
    ask: batch([host], remove({ ...host, Name: 'I-1.WEB.svc.example.internal' })),
    answer: { batch: 'accepted', holds: [] },
  },
  {
    name: 'A CNAME beside another record set of its name is refused',
    page: recordTypes,
    ask: batch([host], create(set('i-1.web', 'CNAME', 'a.example'))),
    answer: { batch: '400 InvalidChangeBatch', holds: holdsHost },
  },
  {
    name: 'A comment of more than 256 characters is refused',
    page: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeBatch.html',
    ask: async (aws) => {
      const id = await createZone(aws);
      const answered = await refusal(change(aws, id, [create(host)], 'c'.repeat(257)));
      return { answered, holds: await listing(aws, id) };
    },
    answer: { answered: '400 InvalidInput', holds: [] },
  },
];

function addresses(part: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `10.0.${part}.${index}`);
}
