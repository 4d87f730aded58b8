import type { Difference } from '../differences.ts';

const withoutOperation = ['400 InvalidAction', { desired: 2, states: ['InService', 'InService'], others: [] }];

/** What MiniStack answers otherwise than AWS. */
export const differencesOfMiniStack: readonly Difference[] = [
  {
    because: 'Its text is another one.',
    answers: {
      'A CREATE of exactly what exists is refused': {
        batch:
          '400 InvalidChangeBatch: Tried to create resource record set i-1.web.svc.example.internal. type A but it already exists.',
        holds: ['i-1.web A 10 10.0.0.1'],
      },
    },
  },
  {
    because: 'It has one error for every DELETE that does not match.',
    answers: {
      'A DELETE without TTL and values is refused': {
        batch:
          "400 InvalidChangeBatch: Tried to delete resource record set [name='i-1.web.svc.example.internal.', type='A'] but the values provided do not match the current values",
        holds: ['i-1.web A 10 10.0.0.1'],
      },
    },
  },
  {
    because: 'It tells the first fault of a batch only.',
    answers: {
      'The faults of one batch come as one list': {
        batch:
          "400 InvalidChangeBatch: Tried to delete resource record set [name='_http._tcp.web.svc.example.internal.', type='SRV'] but it was not found",
        holds: ['i-1.web A 10 10.0.0.1'],
      },
    },
  },
  {
    because: 'It takes any content of a batch, of any size, and names of other zones.',
    answers: {
      'A batch without changes is refused': { batch: 'accepted', holds: [] },
      'A record set without values is refused': { batch: 'accepted', holds: ['web A 10 '] },
      'A value may stand in a record set only once': { batch: 'accepted', holds: ['web A 10 10.0.0.1 | 10.0.0.1'] },
      'A batch of 1,001 values is refused': {
        batch: 'accepted',
        holds: ['part-0 A 10 250 values', 'part-1 A 10 250 values', 'part-2 A 10 250 values', 'part-3 A 10 251 values'],
      },
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
      'A name outside the zone is refused': { batch: 'accepted', holds: ['web.example.org. A 10 10.0.0.1'] },
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
      'A name in another case is the same name': { batch: '400 InvalidChangeBatch', holds: ['i-1.web A 10 10.0.0.1'] },
    },
  },
  {
    because: 'It sorts by whole labels, without the dots between them.',
    answers: {
      'A cluster whose name goes on with - comes before the shorter one: the dot after a label counts': [
        'web A 10 10.0.0.2',
        'i-1.web A 10 10.0.0.1',
        'web-api A 10 10.0.0.3',
      ],
    },
  },
  {
    because: 'It passes over a type without a name.',
    answers: {
      'A listing that starts at a type but no name is refused': 'accepted',
    },
  },
  {
    because: 'It deletes tags by key only, and none where none are named.',
    answers: {
      'A tag is not deleted by its key and another value': ['accepted', [['ip_address=10.0.0.1']]],
      'Deleting tags without naming any deletes all': ['accepted', [['ip_address=10.0.0.1', 'srv_weight=1']]],
    },
  },
  {
    because: 'It takes any tag, any number of them, for any id.',
    answers: {
      'A tag whose key begins with aws: is refused': ['accepted', [['aws:own=1']]],
      'A tag key of 129 characters is refused': 'accepted',
      'A tag value of 257 characters is refused': 'accepted',
      'An instance has at most 50 tags': ['accepted', 'accepted', 'accepted'],
      'An unknown id among those to be tagged is refused, and none is tagged': ['accepted', [['srv_weight=1']]],
    },
  },
  {
    because: 'It passes over filters that it does not know, among them that by instance id.',
    answers: {
      'A filter by state finds a terminated instance': [4, 'others'],
      'A filter by instance id leaves out an id that EC2 does not know': [1, 2, 3, 4, 'others'],
      'An unknown filter is refused': 'accepted',
      'A filter of more than 200 values is refused': 'accepted',
    },
  },
  {
    because: 'It has no pages of instances.',
    answers: {
      'A page size together with ids is refused': 'accepted',
      'A page of fewer than five results is refused': 'accepted',
      'Pages show every instance once, and the last one has no token': { sizes: [7, 7], all: 7, more: false },
    },
  },
  {
    because: 'It names one unknown id only.',
    answers: {
      'Every unknown id of a read by ids is named': ['400 InvalidInstanceID.NotFound', 1],
    },
  },
  {
    because: 'It terminates at once, and keeps the address.',
    answers: {
      'A terminated instance has no address': ['terminated', 'an address'],
      'Terminating tells the state before and after': ['running', 'terminated'],
    },
  },
  {
    because: 'It checks neither delays nor timeouts.',
    answers: {
      'A delay of 900 seconds is taken, one of 901 is refused': ['accepted', 'accepted'],
      'A visibility timeout of 43,201 seconds is refused': 'accepted',
      'The visibility of a message that is not in flight cannot be changed': 'accepted',
      'A bad entry of a batch fails alone, inside an answer that is no error': { sent: ['good', 'bad'], failed: [] },
    },
  },
  {
    because: 'It knows the handle of the latest receive only.',
    answers: {
      'A deleted message may be deleted again': '400 ReceiptHandleIsInvalid',
      'The receipt handle of an earlier receive may be used to delete': '400 ReceiptHandleIsInvalid',
    },
  },
  {
    because: 'Its default is that of the console.',
    answers: {
      'A new group looks at the health of its instances from the first second': 300,
    },
  },
  {
    because: 'It passes over filters and pages of groups.',
    answers: {
      'A filter by tag finds groups of any of its values and tells case apart': ['blue', 'green', 'red', 'others'],
      'A filter by tag key finds groups of any value': ['blue', 'green', 'red', 'others'],
      'A group must meet every filter': ['blue', 'green', 'red', 'others'],
      'Pages show every group once, and the last one has no token': { sizes: [3, 3], all: 3, more: false },
      'A page of more than 100 groups is refused': 'accepted',
      'A token that is none is refused': 'accepted',
    },
  },
  {
    because: 'It checks neither sizes nor tags of a group, and takes tags of groups that there are not.',
    answers: {
      'A group with a minimum above its maximum is refused': 'accepted',
      'A tag of an unknown group is refused': 'accepted',
      'A tag of a group whose key begins with aws: is refused': 'accepted',
      'A desired capacity beyond the maximum is refused': ['accepted', [1, 4, 3]],
      'A desired capacity below the minimum is refused': ['accepted', [1, 0, 3]],
      'A new maximum below desired capacity lowers that': ['accepted', [1, 2, 1]],
      'A new minimum above desired capacity raises that': ['accepted', [3, 2, 3]],
    },
  },
  {
    because: 'It deletes any group, with its instances.',
    answers: {
      'A group with instances is not deleted, unless by force': ['accepted', 'accepted', 0],
      'An unknown group is not deleted': 'accepted',
    },
  },
  {
    because:
      'It keeps any hook as it is given, for any group, none that a group is made with, and does not tell how long it waits in all.',
    answers: {
      'In all a hook waits at most 48 hours': 'not told',
      'In all a hook waits at most 100 times its timeout': 'not told',
      'A timeout of 29 seconds is refused': 'accepted',
      'A timeout of 7,201 seconds is refused': 'accepted',
      'A default result that is none is refused': 'accepted',
      'A transition that is none is refused': 'accepted',
      'A new hook without a transition is refused': 'accepted',
      'A hook of an unknown group is refused': 'accepted',
      'A group has at most 50 hooks': 'accepted',
      'Hooks are found, all or by name; a name that is unknown is left out': [
        ['srv-drain TERMINATING 3600 ABANDON', 'srv-register LAUNCHING 3600 ABANDON'],
        ['srv-drain TERMINATING 3600 ABANDON', 'srv-register LAUNCHING 3600 ABANDON'],
      ],
      'A group may be made with hooks': [],
    },
  },
  {
    because: 'Its hooks hold nothing up, and anything may be completed.',
    answers: {
      'A launch waits for its hook and goes into service once that is completed by instance id': [
        { desired: 1, states: ['InService'], others: [] },
        'accepted',
        { desired: 1, states: ['InService'], others: [] },
      ],
      'Completing an action that nothing waits for is refused, by instance id': 'accepted',
      'A heartbeat for an action that nothing waits for is refused': 'accepted',
      'Completing an action of an unknown group is refused': 'accepted',
    },
  },
  {
    because: 'It writes health the same way everywhere.',
    answers: {
      'An instance found by id has its health in capitals, unlike one shown with its group': ['Healthy'],
    },
  },
  {
    because: 'It takes any number of ids.',
    answers: {
      'A read of more than 50 instance ids is refused': 'accepted',
    },
  },
  {
    because: 'The instances of its groups are not those of its EC2.',
    answers: {
      "A launched instance has its group's name as a tag, and those of the group's tags that propagate":
        'not asked: 400 InvalidInstanceID.NotFound',
    },
  },
  {
    because: 'It has no operations to put into standby, to attach, to detach or to terminate.',
    answers: {
      'A termination waits for its hook, takes heartbeats, and goes on once it is completed':
        'not asked: 400 InvalidAction',
      'An instance stands by, and desired capacity goes down with it': withoutOperation,
      'An instance that stands by is replaced where desired capacity stays': withoutOperation,
      'An instance comes back from standby, and desired capacity goes up with it': withoutOperation,
      'An instance of no group cannot stand by': ['400 InvalidAction', 2, 2],
      'An instance is detached, and desired capacity goes down with it': withoutOperation,
      'A detached instance is replaced where desired capacity stays': withoutOperation,
      "A detached instance runs on without its group's name, with its other tags, and is in no group":
        'not asked: 400 InvalidAction',
      'An instance of no group cannot be detached': ['400 InvalidAction', 2, 2],
      'An attached instance is in service, has the name of its group, and raises desired capacity': [
        '400 InvalidAction',
        { desired: 1, states: ['InService', 'not in the group'], others: [] },
        [],
      ],
      'An instance that EC2 does not know cannot be attached': ['400 InvalidAction', 2, 2],
      'A member is terminated for good where desired capacity goes down with it': withoutOperation,
      'A member that is terminated is replaced where desired capacity stays': withoutOperation,
      'An instance of no group cannot be terminated by Auto Scaling': ['400 InvalidAction', 2, 2],
    },
  },
];
