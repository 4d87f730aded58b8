import { z } from 'zod';
import { type Identity, identify, nameProperty, type Place } from './identity.ts';
import { conditionHolds, resolveIntrinsics, type Scope } from './intrinsics.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** A resource of a template, with every intrinsic function resolved. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly identity: Identity;
  readonly properties: JsonObject;
}

/** A CloudFormation template read for one place. */
export interface Template {
  readonly resources: readonly TemplateResource[];
}

const section = z.custom<JsonObject>((value) => isJsonObject(value)).default({});

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: section,
  Condition: z.string().optional(),
  Metadata: z.unknown().optional(),
  // The small AWS creates resources in an order of its own and never deletes or replaces one.
  DependsOn: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
});

const templateSchema = z.strictObject({
  Parameters: z.record(z.string(), z.object({ Default: z.custom<Json>().optional() })).default({}),
  Conditions: section,
  Resources: z.record(z.string(), resourceSchema),
  // Neither changes what is deployed: rules check parameters, outputs are read by people.
  Rules: z.unknown().optional(),
  Outputs: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  AWSTemplateFormatVersion: z.unknown().optional(),
});

/**
 * Reads a CloudFormation template as it stands after its parameters, conditions and intrinsic functions are worked out for one place.
 * Nothing in it is passed over in silence: an unknown section, resource type or function is an `Error` that names it.
 */
export function readTemplate(source: Json, place: Place, parameters: Readonly<Record<string, string>> = {}): Template {
  const template = templateSchema.parse(source);
  const identities = new Map<string, Identity>();
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::StackName': place.stackName,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/00000000-0000-4000-8000-000000000000`,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const identityOf = (logicalId: string): Identity | undefined => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) {
      return undefined;
    }
    let identity = identities.get(logicalId);
    if (identity === undefined) {
      const given = resource.Properties[nameProperty(resource.Type) ?? ''];
      const name = given === undefined ? undefined : z.string().parse(resolveIntrinsics(given, scope));
      identity = identify(resource.Type, logicalId, name, place);
      identities.set(logicalId, identity);
    }
    return identity;
  };
  const scope: Scope = {
    conditions: template.Conditions,
    reference: (name) =>
      pseudo[name] ?? parameters[name] ?? template.Parameters[name]?.Default ?? identityOf(name)?.reference,
    attribute: (logicalId, attribute) => identityOf(logicalId)?.attributes[attribute],
  };
  const resources: TemplateResource[] = [];
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const identity = identityOf(logicalId);
    if (identity !== undefined && (resource.Condition === undefined || conditionHolds(resource.Condition, scope))) {
      const properties = resolveIntrinsics(resource.Properties, scope);
      resources.push({
        logicalId,
        type: resource.Type,
        identity,
        properties: isJsonObject(properties) ? properties : {},
      });
    }
  }
  return { resources };
}
