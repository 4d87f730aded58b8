import { createHash } from 'node:crypto';

/** Where a stack is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  /** The URL that SQS answers at for a queue of this name. */
  readonly queueUrl: (queueName: string) => string;
}

/** How the rest of a template speaks of a resource. */
export interface Identity {
  /** The resource's own name. */
  readonly name: string;
  /** The value of `Ref`. */
  readonly reference: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface Kind {
  /** The property that may give the name; without it CloudFormation makes one up. */
  readonly nameProperty: string;
  readonly nameCharactersMax: number;
  readonly identify: (name: string, place: Place) => Omit<Identity, 'name'>;
}

/** The property of a resource type that may give its name; `undefined` for a type that the small AWS does not know. */
export function nameProperty(type: string): string | undefined {
  return kindOf(type)?.nameProperty;
}

/**
 * The identity of a resource. A name that the template does not give is made of stack, logical id and a suffix, as CloudFormation makes
 * it, except that the suffix is always the same. Throws an `Error` for a type that the small AWS does not know.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
 */
export function identify(type: string, logicalId: string, givenName: string | undefined, place: Place): Identity {
  const kind = kindOf(type);
  if (kind === undefined) {
    throw new Error(`Cannot deploy resource "${logicalId}": the small AWS knows no resource type "${type}"`);
  }
  const name = givenName ?? generatedName(logicalId, place.stackName, kind.nameCharactersMax);
  return { name, ...kind.identify(name, place) };
}

function kindOf(type: string): Kind | undefined {
  return type.startsWith('Custom::') ? customResource : kinds[type];
}

const suffixCharacters = 12;

function generatedName(logicalId: string, stackName: string, charactersMax: number): string {
  const suffix = createHash('sha256')
    .update(`${stackName}/${logicalId}`)
    .digest('hex')
    .slice(0, suffixCharacters)
    .toUpperCase();
  const room = charactersMax - suffixCharacters - 2;
  const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
  return `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${suffix}`;
}

function named(name: string, attributes: Readonly<Record<string, string>> = {}): Omit<Identity, 'name'> {
  return { reference: name, attributes };
}

const customResource: Kind = {
  nameProperty: 'PhysicalResourceId',
  nameCharactersMax: 1024,
  identify: (name) => named(name),
};

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    nameCharactersMax: 80,
    identify: (name, place) => ({
      reference: place.queueUrl(name),
      attributes: {
        Arn: `arn:aws:sqs:${place.region}:${place.account}:${name}`,
        QueueName: name,
        QueueUrl: place.queueUrl(name),
      },
    }),
  },
  'AWS::SQS::QueuePolicy': { nameProperty: 'Id', nameCharactersMax: 128, identify: (name) => named(name) },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    nameCharactersMax: 64,
    identify: (name, place) => named(name, { Arn: `arn:aws:events:${place.region}:${place.account}:rule/${name}` }),
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    nameCharactersMax: 64,
    identify: (name, place) => named(name, { Arn: `arn:aws:lambda:${place.region}:${place.account}:function:${name}` }),
  },
  'AWS::Lambda::EventSourceMapping': { nameProperty: 'Id', nameCharactersMax: 64, identify: (name) => named(name) },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    nameCharactersMax: 64,
    identify: (name, place) =>
      named(name, { Arn: `arn:aws:iam::${place.account}:role/${name}`, RoleId: `AROA${name}` }),
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName', nameCharactersMax: 128, identify: (name) => named(name) },
  'AWS::AutoScaling::LifecycleHook': {
    nameProperty: 'LifecycleHookName',
    nameCharactersMax: 255,
    identify: (name) => named(name),
  },
  // Of these two nothing has to exist here: where a function logs, `Deployment.logs` stands in.
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    nameCharactersMax: 512,
    identify: (name, place) =>
      named(name, { Arn: `arn:aws:logs:${place.region}:${place.account}:log-group:${name}:*` }),
  },
  'AWS::CDK::Metadata': { nameProperty: 'Id', nameCharactersMax: 64, identify: (name) => named(name) },
};
