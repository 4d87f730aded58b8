import { z } from 'zod';
import type { World } from '../world.ts';
import type { AccessControl } from './accessControl.ts';
import { parseJson } from './json.ts';
import type { TypedResource } from './resources.ts';

const callSchema = z.object({
  service: z.literal('AutoScaling'),
  action: z.literal('CreateOrUpdateTags'),
  parameters: z.strictObject({
    Tags: z.array(
      z.strictObject({
        ResourceId: z.string(),
        ResourceType: z.string(),
        Key: z.string(),
        Value: z.string(),
        PropagateAtLaunch: z.boolean(),
      }),
    ),
  }),
});

/** Properties of CDK's `AwsCustomResource`: one call for each of create, update and delete, as JSON. */
export interface AwsCall {
  readonly Create?: string | undefined;
}

/**
 * Makes the call that CDK's `AwsCustomResource` makes when its stack is created, under the role of its function. Group tags are the only call
 * it knows. Throws an `Error` for any other, and an `AwsError` where the call is refused or fails.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsCustomResource.html
 */
export function createCustomResource(
  world: World,
  access: AccessControl,
  roleName: string,
  { logicalId, type, properties }: TypedResource<AwsCall>,
): void {
  const call = callSchema.safeParse(parseJson(properties.Create ?? 'null'));
  if (!call.success) {
    throw new Error(
      `Cannot deploy resource "${logicalId}" of type "${type}": it makes a call not known here: ${z.prettifyError(call.error)}`,
    );
  }
  const { action, parameters } = call.data;
  const refusal = access.refusal(roleName, { service: 'autoscaling', action, input: parameters });
  if (refusal !== undefined) {
    throw refusal;
  }
  world.autoScaling.createOrUpdateTags(parameters);
}
