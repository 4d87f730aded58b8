import {
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
} from '@aws-sdk/client-route-53';
import type { Account } from './account.ts';
import { type Answer, type Probe, refusal, refusalText } from './probe.ts';
import { change, create, createZone, listing, relative, set } from './zone.ts';

const listResourceRecordSets =
  'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html';
const getChange = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html';

/** Two clusters, and one host. */
const clusters = [
  set('zoo', 'TXT', '"zoo"'),
  set('web', 'TXT', '"web"'),
  set('_http._tcp.web', 'SRV', '0 1 443 a.example'),
  set('i-1.web', 'AAAA', '2001:db8::1'),
  set('i-1.web', 'A', '10.0.0.1'),
];

type Start = Omit<ListResourceRecordSetsCommandInput, 'HostedZoneId'>;

/** One page of the clusters' zone: the names and types it shows, and where the next one starts. */
function page(start: Start): (aws: Account) => Promise<Answer> {
  return async (aws) => {
    const found = await aws.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: await createZone(aws, clusters), ...start }),
    );
    const shown = (found.ResourceRecordSets ?? []).map(({ Name, Type }) => `${relative(Name ?? '')} ${Type}`);
    return found.IsTruncated === true
      ? { shown, next: `${relative(found.NextRecordName ?? '')} ${found.NextRecordType}` }
      : { shown };
  };
}

/** What listings and GetChange say: all that a pass knows of the record. */
export const route53Reads: readonly Probe[] = [
  {
    name: "A new zone's name ends in a dot, and it holds its own NS and SOA",
    page: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html',
    ask: async (aws) => {
      const id = await createZone(aws);
      const zone = await aws.route53.send(new GetHostedZoneCommand({ Id: id }));
      const held = await aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }));
      return [zone.HostedZone?.Name, ...(held.ResourceRecordSets ?? []).map(({ Name, Type }) => `${Name} ${Type}`)];
    },
    answer: ['svc.example.internal.', 'svc.example.internal. NS', 'svc.example.internal. SOA'],
  },
  {
    name: "A listing goes by the names' labels in reverse, then by type, so that a cluster is one stretch",
    page: listResourceRecordSets,
    ask: page({}),
    answer: {
      shown: [
        'svc.example.internal. NS',
        'svc.example.internal. SOA',
        'web TXT',
        '_http._tcp.web SRV',
        'i-1.web A',
        'i-1.web AAAA',
        'zoo TXT',
      ],
    },
  },
  {
    name: 'A cluster whose name goes on with - comes before the shorter one: the dot after a label counts',
    page: listResourceRecordSets,
    ask: async (aws) =>
      listing(
        aws,
        await createZone(aws, [
          set('i-1.web', 'A', '10.0.0.1'),
          set('web', 'A', '10.0.0.2'),
          set('web-api', 'A', '10.0.0.3'),
        ]),
      ),
    answer: ['web-api A 10 10.0.0.3', 'web A 10 10.0.0.2', 'i-1.web A 10 10.0.0.1'],
  },
  {
    name: 'A page ends after MaxItems and says where the next one starts',
    page: listResourceRecordSets,
    ask: page({ MaxItems: 3 }),
    answer: { shown: ['svc.example.internal. NS', 'svc.example.internal. SOA', 'web TXT'], next: '_http._tcp.web SRV' },
  },
  {
    name: 'A page starts at the name given',
    page: listResourceRecordSets,
    ask: page({ StartRecordName: 'web.svc.example.internal', MaxItems: 3 }),
    answer: { shown: ['web TXT', '_http._tcp.web SRV', 'i-1.web A'], next: 'i-1.web AAAA' },
  },
  {
    name: 'A page starts at the name and type given',
    page: listResourceRecordSets,
    ask: page({ StartRecordName: 'i-1.web.svc.example.internal.', StartRecordType: 'AAAA' }),
    answer: { shown: ['i-1.web AAAA', 'zoo TXT'] },
  },
  {
    name: 'A page starts after a name that does not exist, in the order of the listing',
    page: listResourceRecordSets,
    ask: page({ StartRecordName: '_https._tcp.web.svc.example.internal', MaxItems: 1 }),
    answer: { shown: ['i-1.web A'], next: 'i-1.web AAAA' },
  },
  {
    name: 'A page starts after a type that the name does not have',
    page: listResourceRecordSets,
    ask: page({ StartRecordName: 'web.svc.example.internal', StartRecordType: 'A', MaxItems: 1 }),
    answer: { shown: ['web TXT'], next: '_http._tcp.web SRV' },
  },
  {
    name: 'A listing that starts at a type but no name is refused',
    page: listResourceRecordSets,
    ask: (aws) => refusal(page({ StartRecordType: 'TXT' })(aws)),
    answer: '400 InvalidInput',
  },
  {
    name: 'A page has at most 300 record sets, whatever is asked for',
    page: listResourceRecordSets,
    ask: async (aws) => {
      const id = await createZone(
        aws,
        Array.from({ length: 300 }, (_, index) => set(`i-${1000 + index}`, 'A', '10.0.0.1')),
      );
      const found = await aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, MaxItems: 1000 }));
      return {
        shown: found.ResourceRecordSets?.length,
        next: relative(found.NextRecordName ?? ''),
      };
    },
    answer: { shown: 300, next: 'i-1298' },
  },
  {
    name: 'A listing of an unknown zone is refused',
    page: listResourceRecordSets,
    ask: (aws) => refusalText(aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z0UNKNOWN' }))),
    answer: '404 NoSuchHostedZone: No hosted zone found with ID: Z0UNKNOWN',
  },
  {
    name: 'An unknown zone is not there',
    page: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html',
    ask: (aws) => refusalText(aws.route53.send(new GetHostedZoneCommand({ Id: 'Z0UNKNOWN' }))),
    answer: '404 NoSuchHostedZone: No hosted zone found with ID: Z0UNKNOWN',
  },
  {
    name: 'A change is PENDING when it is accepted, INSYNC later, and in the listing at once',
    page: getChange,
    ask: async (aws) => {
      const id = await createZone(aws);
      const accepted = await change(aws, id, [create(set('web', 'A', '10.0.0.1'))]);
      const read = async (): Promise<Answer> => {
        const found = await aws.route53.send(new GetChangeCommand({ Id: accepted.ChangeInfo?.Id }));
        return found.ChangeInfo?.Status;
      };
      const first = await read();
      await aws.settle();
      return { accepted: accepted.ChangeInfo?.Status, first, later: await read() };
    },
    answer: { accepted: 'PENDING', first: 'PENDING', later: 'INSYNC' },
  },
  {
    name: 'A change that Route 53 does not know is refused',
    page: getChange,
    ask: (aws) => refusal(aws.route53.send(new GetChangeCommand({ Id: 'C0UNKNOWN' }))),
    answer: '404 NoSuchChange',
  },
];
