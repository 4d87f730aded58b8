import type { Node } from 'constructs';
import { z } from 'zod';
import type { RegistrationSettings } from './registrationSettings.ts';

/** One entry of the context key `clusters`: a group by name, and its settings. */
interface ClusterEntry extends RegistrationSettings {
  /** Name of an Auto Scaling group that exists in the stack's account and Region. */
  readonly autoScalingGroup: string;
}

/** What an operator writes into the context of `cdk.json`. */
export interface DeploymentContext {
  /** Id of the hosted zone, such as `Z0123456789ABCDEFGHIJ`. */
  readonly hostedZoneId: string;
  /** Name of the hosted zone, lower case, without the trailing dot. */
  readonly zoneName: string;
  readonly clusters: readonly ClusterEntry[];
}

const text = z.string({ error: 'must be a string' });
const number = z.number({ error: 'must be a number' });
const label = /[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?/.source;

// Ranges are checked where groups are registered, for code and context alike.
const clusterEntry = z.strictObject(
  {
    autoScalingGroup: z.string({ error: 'must be the name of an Auto Scaling group' }).regex(/^[^:]{1,255}$/, {
      error: 'must be the name of an Auto Scaling group, of 1 to 255 characters without colon',
    }),
    cluster: text,
    port: number.exactOptional(),
    service: text.exactOptional(),
    weight: number.exactOptional(),
    priority: number.exactOptional(),
    ttlSeconds: number.exactOptional(),
    drainSeconds: number.exactOptional(),
    launchHookTimeoutSeconds: number.exactOptional(),
    terminateHookTimeoutSeconds: number.exactOptional(),
  },
  { error: 'must be an object with the keys autoScalingGroup, cluster and settings' },
);

const deploymentContext = z.object({
  hostedZoneId: z
    .string({ error: 'must be the id of a hosted zone' })
    .regex(/^Z[A-Z0-9]{1,31}$/, { error: 'must be the id of a hosted zone, "Z" and capital letters or digits' }),
  zoneName: z
    .string({ error: 'must be the name of a hosted zone' })
    .regex(new RegExp(`^${label}(?:\\.${label})*$`), { error: 'must be a lower-case DNS name without trailing dot' }),
  clusters: z.array(clusterEntry, { error: 'must be a list of objects' }),
});

/**
 * Reads `hostedZoneId`, `zoneName` and `clusters` from the context.
 *
 * @throws TypeError naming the first bad key and what was found there
 */
export function readDeploymentContext(node: Node): DeploymentContext {
  const context = {
    hostedZoneId: found(node, 'hostedZoneId'),
    zoneName: found(node, 'zoneName'),
    clusters: found(node, 'clusters'),
  };
  const parsed = deploymentContext.safeParse(context, { reportInput: true });
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new TypeError(issue === undefined ? parsed.error.message : sentence(issue));
}

function found(node: Node, key: string): unknown {
  const value: unknown = node.tryGetContext(key);
  return value;
}

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  const key = `Cannot read context key "${path.slice(1)}" of cdk.json`;
  if (issue.code === 'unrecognized_keys') {
    return `${key}: must have no unknown key: found "${issue.keys.join('", "')}"`;
  }
  return `${key}: ${issue.message}: found ${issue.input === undefined ? 'nothing' : JSON.stringify(issue.input)}`;
}
