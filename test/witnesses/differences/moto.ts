import type { Difference } from '../differences.ts';

const web = '_http._tcp.web SRV 10 0 1 443 a.example | 0 2 443 b.example';
const unmatched =
  '400 InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=DELETE, Name=_http._tcp.web.svc.example.internal., Type=SRV, SetIdentifier=null]';

/** What moto answers otherwise than AWS. */
export const differencesOfMoto: readonly Difference[] = [
  {
    because:
      'It compares values too before it says that a record set exists, and does not look at what the batch itself did before.',
    answers: {
      'A CREATE of what exists with other values is refused': {
        batch: 'accepted',
        holds: [web, '_http._tcp.web SRV 10 0 3 443 c.example'],
      },
      'A batch that deletes one record set twice is refused': { batch: 'accepted', holds: [] },
      'A batch that creates one record set twice is refused': {
        batch: 'accepted',
        holds: [web, '_http._tcp.web SRV 10 0 3 443 c.example'],
      },
    },
  },
  {
    because: 'It compares values in their order.',
    answers: {
      'A DELETE may name the values in another order': { batch: '400 InvalidInput', holds: [web] },
    },
  },
  {
    because: 'It has one error, another one, for every DELETE that does not match.',
    answers: {
      'A DELETE of what does not exist is refused': { batch: unmatched, holds: [] },
      'A DELETE with another TTL is refused': { batch: unmatched, holds: [web] },
      'A DELETE with a value less is refused': { batch: unmatched, holds: [web] },
      'A DELETE with another value is refused': { batch: unmatched, holds: [web] },
      'A DELETE with a value spelt otherwise is refused': { batch: unmatched, holds: [web] },
      'A lost swap changes nothing, not even what else is in the batch': { batch: '400 InvalidInput', holds: [web] },
    },
  },
  {
    because: 'It tells one fault of a batch only.',
    answers: {
      'The faults of one batch come as one list': {
        batch:
          "400 InvalidChangeBatch: Tried to create resource record set [name='i-1.web.svc.example.internal.', type='A'] but it already exists",
        holds: ['i-1.web A 10 10.0.0.1'],
      },
    },
  },
  {
    because: 'It takes any content of a batch: of its limits it knows that of 1,000 values only.',
    answers: {
      'A batch without changes is refused': { batch: 'accepted', holds: [] },
      'A record set without values is refused': { batch: 'accepted', holds: ['web A 10 '] },
      'A value may stand in a record set only once': { batch: 'accepted', holds: ['web A 10 10.0.0.1 | 10.0.0.1'] },
      'A batch of more than 32,000 characters is refused': {
        batch: 'accepted',
        holds: ['one SRV 10 400 values', 'three A 10 10.0.0.1', 'two SRV 10 400 values'],
      },
      'A record set of 401 values is refused': { batch: 'accepted', holds: ['one SRV 10 401 values'] },
      'A TXT string of 256 characters is refused': { batch: 'accepted', holds: ['web TXT 10 1 values'] },
      'A TXT value without quotes is refused': { batch: 'accepted', holds: ['web TXT 10 plain'] },
      'An SRV value of three fields is refused': { batch: 'accepted', holds: ['web SRV 10 0 443 a.example'] },
      'An SRV port of 70000 is refused': { batch: 'accepted', holds: ['web SRV 10 0 1 70000 a.example'] },
      'An A value that is a name is refused': { batch: 'accepted', holds: ['web A 10 a.example'] },
      'An AAAA value that is an IPv4 address is refused': { batch: 'accepted', holds: ['web AAAA 10 10.0.0.1'] },
      'A CNAME beside another record set of its name is refused': {
        batch: 'accepted',
        holds: ['i-1.web A 10 10.0.0.1', 'i-1.web CNAME 10 a.example'],
      },
      'A comment of more than 256 characters is refused': { answered: 'accepted', holds: ['i-1.web A 10 10.0.0.1'] },
    },
  },
  {
    because: 'It keeps names as they are given.',
    answers: {
      'A name comes back in lower case and with a trailing dot, and other bytes than a-z, 0-9, - and _ in octal': {
        batch: 'accepted',
        holds: ['* A 10 10.0.0.2', 'WEB A 10 10.0.0.1', 'a@b A 10 10.0.0.3'],
      },
      'A name in another case is the same name': { batch: '400 InvalidInput', holds: ['i-1.web A 10 10.0.0.1'] },
    },
  },
  {
    because: 'It sorts without the dot after a label.',
    answers: {
      'A cluster whose name goes on with - comes before the shorter one: the dot after a label counts': [
        'web A 10 10.0.0.2',
        'web-api A 10 10.0.0.3',
        'i-1.web A 10 10.0.0.1',
      ],
    },
  },
  {
    because: 'It gives as many record sets as are asked for.',
    answers: {
      'A page has at most 300 record sets, whatever is asked for': { shown: 302, next: '' },
    },
  },
  {
    because: 'It takes no time to propagate, and keeps no changes.',
    answers: {
      'A change is PENDING when it is accepted, INSYNC later, and in the listing at once': {
        accepted: 'INSYNC',
        first: 'INSYNC',
        later: 'INSYNC',
      },
      'A change that Route 53 does not know is refused': 'accepted',
    },
  },
  {
    because: 'It takes any tag, for any id.',
    answers: {
      'A tag whose key begins with aws: is refused': ['accepted', [['aws:own=1']]],
      'A tag key of 129 characters is refused': 'accepted',
      'A tag value of 257 characters is refused': 'accepted',
      'An unknown id among those to be tagged is refused, and none is tagged': ['accepted', [['srv_weight=1']]],
    },
  },
  {
    because: 'It deletes nothing where no tags are named.',
    answers: {
      'Deleting tags without naming any deletes all': ['accepted', [['ip_address=10.0.0.1', 'srv_weight=1']]],
    },
  },
  {
    because: 'It has no limits for filters and pages, and fails itself at a filter that it does not know.',
    answers: {
      'An unknown filter is refused': '500 unreadable',
      'A filter of more than 200 values is refused': 'accepted',
      'A page of fewer than five results is refused': 'accepted',
    },
  },
  {
    because: 'It names one unknown id only, and does not look at the form of ids.',
    answers: {
      'Every unknown id of a read by ids is named': ['400 InvalidInstanceID.NotFound', 1],
      'An id that is none is refused': "400 InvalidInstanceID.NotFound: The instance ID 'i-nonsense' does not exist",
    },
  },
  {
    because: 'It goes through the states of a termination whatever the state was, and keeps the address.',
    answers: {
      'A terminated instance has no address': ['terminated', 'an address'],
      'A terminated instance may be terminated again': ['terminated', 'shutting-down'],
    },
  },
  {
    because:
      'It removed this error for want of a way to raise it in AWS, whose documentation still has it: https://github.com/getmoto/moto/pull/4655.',
    answers: {
      'The visibility of a message that is not in flight cannot be changed': 'accepted',
    },
  },
  {
    because: 'Its default is that of the console.',
    answers: {
      'A new group looks at the health of its instances from the first second': 300,
    },
  },
  {
    because: 'It makes a group in place of one that there is.',
    answers: {
      'A group whose name is taken is refused': 'accepted',
    },
  },
  {
    because: 'It checks neither sizes nor tags of a group.',
    answers: {
      'A group with a minimum above its maximum is refused': 'accepted',
      'A tag of a group whose key begins with aws: is refused': 'accepted',
      'A desired capacity beyond the maximum is refused': ['accepted', [1, 4, 3]],
      'A desired capacity below the minimum is refused': ['accepted', [1, 0, 3]],
    },
  },
  {
    because: 'It fails itself, with a page of HTML.',
    answers: {
      'A page of more than 100 groups is refused': '500 unreadable',
      'A token that is none is refused': '500 unreadable',
      'A tag of an unknown group is refused': '500 unreadable',
      'The desired capacity of an unknown group is refused': '500 unreadable',
      'Completing an action that nothing waits for is refused, by instance id':
        '500 unreadable: not an answer in the protocol of the service',
      'A heartbeat for an action that nothing waits for is refused': '500 unreadable',
      'Completing an action of an unknown group is refused': '500 unreadable',
      'An instance of no group cannot be terminated by Auto Scaling': ['500 unreadable', 2, 2],
    },
  },
  {
    because: 'It deletes a group with its instances, by force or not.',
    answers: {
      'A group with instances is not deleted, unless by force': ['accepted', '400 ValidationError', 0],
    },
  },
  {
    because: 'It keeps any hook as it is given, for any group, and none that a group is made with.',
    answers: {
      'A hook that exists is changed in what is given, and keeps its transition': ['hook  90 ABANDON'],
      'In all a hook waits at most 100 times its timeout': 172800,
      'A timeout of 29 seconds is refused': 'accepted',
      'A timeout of 7,201 seconds is refused': 'accepted',
      'A default result that is none is refused': 'accepted',
      'A transition that is none is refused': 'accepted',
      'A new hook without a transition is refused': 'accepted',
      'A hook of an unknown group is refused': 'accepted',
      'A group has at most 50 hooks': 'accepted',
      'A group may be made with hooks': [],
    },
  },
  {
    because: 'Its hooks hold nothing up, and it cannot complete an action.',
    answers: {
      'A launch waits for its hook and goes into service once that is completed by instance id': [
        { desired: 1, states: ['InService'], others: [] },
        '500 unreadable',
        { desired: 1, states: ['InService'], others: [] },
      ],
      'A termination waits for its hook, takes heartbeats, and goes on once it is completed': [
        { desired: 0, states: ['not in the group'], others: [] },
        '500 unreadable',
        '500 unreadable',
        { desired: 0, states: ['not in the group'], others: [] },
      ],
    },
  },
  {
    because: 'It writes health the same way everywhere.',
    answers: {
      'An instance found by id has its health in capitals, unlike one shown with its group': ['Healthy'],
    },
  },
  {
    because: 'It takes any ids, and any number of them, for members.',
    answers: {
      'A read of more than 50 instance ids is refused': 'accepted',
      'An instance of no group cannot stand by': ['accepted', 2, 2],
      'An instance of no group cannot be detached': ['accepted', 1, 1],
      'An instance that EC2 does not know cannot be attached': ['400 InvalidInstanceID.NotFound', 3, 2],
    },
  },
];
