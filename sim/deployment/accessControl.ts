import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import { authorizationRequests, type ServiceCall } from './authorizationRequests.ts';
import { evaluatePolicy, evaluateResourcePolicy, type PolicyRequest } from './policy.ts';
import { readPolicyDocument, type Statement } from './policyDocument.ts';
import { functionType, policyType, queuePolicyType, queueType, resourcesOf, roleType } from './resources.ts';
import type { Template } from './template.ts';

interface Role {
  readonly arn: string;
  /** What Lambda calls its session: the name of the function that has the role. */
  readonly sessionName: string;
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
}

// Writing logs is all that it allows, and logs are not a service here.
const managedPolicyWithoutEffect = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** Who may do what in a deployed stack: the policies of its roles and of its queues. */
export class AccessControl {
  readonly #world: World;
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #queuePolicies: ReadonlyMap<string, readonly Statement[]>;

  constructor(world: World, template: Template) {
    this.#world = world;
    this.#roles = readRoles(template);
    this.#queuePolicies = readQueuePolicies(template);
  }

  /** Name of the role with this ARN, which a service must be allowed to assume. Throws an `Error` in CloudFormation's words where it is not. */
  assume(roleArn: string, service: string): string {
    const found = [...this.#roles].find(([, { arn }]) => arn === roleArn);
    const verdict = evaluateResourcePolicy(found?.[1].trust ?? [], `Service:${service}`, {
      action: 'sts:AssumeRole',
      resource: roleArn,
      context: {},
    });
    if (found === undefined || verdict !== 'allowed') {
      throw new Error(
        `Cannot deploy the function: the role defined for the function cannot be assumed by ${service}: found role "${roleArn}"`,
      );
    }
    return found[0];
  }

  /** The error that a call under a role is answered with, or nothing where every permission that it needs is given. */
  refusal(roleName: string, call: ServiceCall): AwsError | undefined {
    for (const request of authorizationRequests(this.#world, call)) {
      const reason = this.#reason(roleName, request);
      if (reason !== undefined) {
        const user = `arn:aws:sts::${this.#world.account}:assumed-role/${roleName}/${this.#roles.get(roleName)?.sessionName}`;
        return denied(
          call.service,
          `User: ${user} is not authorized to perform: ${request.action} on resource: ${request.resource} ${reason}`,
        );
      }
    }
    return undefined;
  }

  /** Whether a rule of EventBridge may send to a queue: the queue's own policy decides. */
  mayDeliver(ruleArn: string, queueArn: string): boolean {
    const verdict = evaluateResourcePolicy(this.#queuePolicies.get(queueArn) ?? [], 'Service:events.amazonaws.com', {
      action: 'sqs:SendMessage',
      resource: queueArn,
      context: { 'aws:SourceArn': ruleArn, 'aws:SourceAccount': this.#world.account, 'aws:SecureTransport': 'true' },
    });
    return verdict === 'allowed';
  }

  // Within one account either policy may allow, and both may deny.
  #reason(roleName: string, request: PolicyRequest): string | undefined {
    const role = this.#roles.get(roleName);
    const byRole = evaluatePolicy(role?.statements ?? [], request);
    const byQueue = evaluateResourcePolicy(
      this.#queuePolicies.get(request.resource) ?? [],
      `AWS:${role?.arn ?? ''}`,
      request,
    );
    if (byRole === 'denied') {
      return 'with an explicit deny in an identity-based policy';
    }
    if (byQueue === 'denied') {
      return 'with an explicit deny in a resource-based policy';
    }
    return byRole === 'allowed' || byQueue === 'allowed'
      ? undefined
      : `because no identity-based policy allows the ${request.action} action`;
  }
}

// EC2 has an error of its own. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
function denied(service: string, reason: string): AwsError {
  return service === 'ec2'
    ? new AwsError('UnauthorizedOperation', `You are not authorized to perform this operation. ${reason}`, 403)
    : new AwsError('AccessDenied', reason, 403);
}

function readRoles(template: Template): ReadonlyMap<string, Role> {
  const attached = resourcesOf(template, policyType);
  const functions = resourcesOf(template, functionType);
  return new Map(
    resourcesOf(template, roleType).map(({ logicalId, identity, properties }) => {
      const unknown = properties.ManagedPolicyArns.find((arn) => arn !== managedPolicyWithoutEffect);
      if (unknown !== undefined) {
        throw new Error(`Cannot deploy role "${logicalId}": the small AWS knows no managed policy "${unknown}"`);
      }
      const documents = [
        ...properties.Policies.map(({ PolicyDocument }) => PolicyDocument),
        ...attached
          .filter(({ properties: { Roles } }) => Roles.includes(identity.name))
          .map((policy) => policy.properties.PolicyDocument),
      ];
      const role: Role = {
        arn: identity.attributes['Arn'] ?? '',
        sessionName: functions.find((one) => one.properties.Role === identity.attributes['Arn'])?.identity.name ?? '',
        trust: readPolicyDocument(properties.AssumeRolePolicyDocument),
        statements: documents.flatMap(readPolicyDocument),
      };
      return [identity.name, role];
    }),
  );
}

function readQueuePolicies(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const policies = resourcesOf(template, queuePolicyType);
  return new Map(
    resourcesOf(template, queueType).map(({ identity }) => [
      identity.attributes['Arn'] ?? '',
      policies
        .filter(({ properties }) => properties.Queues.includes(identity.reference))
        .flatMap(({ properties }) => readPolicyDocument(properties.PolicyDocument)),
    ]),
  );
}
