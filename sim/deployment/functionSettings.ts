import type { AccessControl } from './accessControl.ts';
import { functionType, resourcesOf } from './resources.ts';
import type { Template } from './template.ts';

/** What a deployed function is made of: its part of the template, resolved. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** Name of the execution role, under which the function calls the services. */
  readonly roleName: string;
  /** Folder of the code. */
  readonly codeFolder: string;
  /** Module and export, such as `handler.handler`. */
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly logGroupName: string;
}

// Lambda sets these itself, and refuses a function that sets them.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const reservedVariables: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/**
 * Reads one function of the template. Throws an `Error` where Lambda would refuse it, or where the assembly does not hold its code.
 */
export function readFunction(
  template: Template,
  access: AccessControl,
  functionName: string,
  assetFolders: ReadonlyMap<string, string>,
): FunctionSettings {
  const resource = resourcesOf(template, functionType).find(({ identity }) => identity.name === functionName);
  const codeFolder = assetFolders.get(resource?.properties.Code.S3Key ?? '');
  if (resource === undefined || codeFolder === undefined) {
    throw new Error(`Cannot deploy function "${functionName}": the assembly does not hold its code`);
  }
  const { identity, properties } = resource;
  const variables = properties.Environment?.Variables ?? {};
  const reserved = Object.keys(variables).find((name) => reservedVariables.has(name));
  if (reserved !== undefined) {
    throw new Error(
      `Cannot deploy function "${functionName}": the environment variable "${reserved}" is reserved by Lambda`,
    );
  }
  return {
    name: identity.name,
    arn: identity.attributes['Arn'] ?? '',
    roleName: access.assume(properties.Role, 'lambda.amazonaws.com'),
    codeFolder,
    handler: properties.Handler,
    variables,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    logGroupName: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${identity.name}`,
  };
}
