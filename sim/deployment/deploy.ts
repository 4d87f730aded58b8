import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnsweredCall, createRouter } from '../wire/router.ts';
import { startServer } from '../wire/server.ts';
import type { World } from '../world.ts';
import { AccessControl } from './accessControl.ts';
import { readAssembly } from './assembly.ts';
import { createCustomResource } from './customResource.ts';
import { Deployment } from './deployment.ts';
import { EventSource } from './eventSource.ts';
import { readEventSource } from './eventSourceSettings.ts';
import { DeployedFunction } from './function.ts';
import { readFunction } from './functionSettings.ts';
import { createQueues } from './queues.ts';
import { readsOnly } from './readsOnly.ts';
import { awsCallType, functionType, lifecycleHookType, resourcesOf, type TypedResource } from './resources.ts';
import { createRules } from './rules.ts';
import { readTemplate, type Template } from './template.ts';

/** What to deploy. */
export interface DeployOptions {
  /** The cloud assembly: the `cdk.out` that `cdk synth` writes. */
  readonly assemblyPath: string;
  /** @default the assembly's only stack */
  readonly stackName?: string;
  /** Values of the template's parameters. @default the template's own */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Deploys a synthesized stack into a world, as CloudFormation would: queues, rules, the function with its event source, lifecycle hooks and
 * tags of groups that the world has. Everything comes from the assembly, and each call of the function is checked against its role.
 * Throws an `Error` that names the resource where CloudFormation would fail, and where the small AWS does not know what the template wants;
 * what was created before stays, as nothing is rolled back.
 */
export async function deploy(world: World, options: DeployOptions): Promise<Deployment> {
  const assembly = readAssembly(options.assemblyPath, options.stackName);
  const calls: AnsweredCall[] = [];
  const tokenHeader = 'x-amz-security-token';
  const running: { access?: AccessControl; function?: DeployedFunction; deployment?: Deployment } = {};
  const operatorRouter = createRouter(world, {
    fault: (call) => running.deployment?.callFault?.(call),
    onCall: (call) => calls.push(call),
  });
  const functionRouter = createRouter(world, {
    authorize: (call) => running.access?.refusal(call.principal, call),
    fault: (call) => running.deployment?.callFault?.(call),
    onCall: (call) => calls.push(call),
  });
  const endpoint = await startServer(async (request) => {
    const token = request.headers[tokenHeader];
    return token === undefined
      ? operatorRouter(request)
      : running.function?.answer(token, readsOnly(request), () => functionRouter(request));
  });
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-function-'));
  const close = async (): Promise<void> => {
    await endpoint.close();
    rmSync(folder, { recursive: true });
  };
  try {
    // The SDK calls the host that it finds in a queue's URL.
    world.sqs.endpoint = endpoint.url;
    const template = readTemplate(
      assembly.template,
      {
        account: world.account,
        region: world.region,
        stackName: assembly.stackName,
        queueUrl: (name) => `${endpoint.url}/${world.account}/${name}`,
      },
      options.parameters,
    );
    const access = new AccessControl(world, template);
    running.access = access;
    const queues = createQueues(world, template);
    createRules(world, template, access, queues);
    const eventSource = readEventSource(template, access, queues);
    const settings = readFunction(template, access, eventSource.functionName, assembly.assetFolders);
    // A copy, so that the code finds nothing but itself: no package of this repository.
    cpSync(settings.codeFolder, folder, { recursive: true });
    const deployedFunction = new DeployedFunction(world, { ...settings, codeFolder: folder }, endpoint.url);
    running.function = deployedFunction;
    const source = new EventSource(world, eventSource, deployedFunction);
    createLifecycleHooks(world, template);
    createCustomResources(world, template, access);
    source.start();
    const deployment = new Deployment({
      url: endpoint.url,
      queueUrls: Object.fromEntries(queues.map(({ logicalId, url }) => [logicalId, url])),
      function: deployedFunction,
      eventSource: source,
      calls,
      close,
    });
    running.deployment = deployment;
    world.happened('cloudformation', `stack ${assembly.stackName} is deployed`);
    return deployment;
  } catch (error) {
    await close();
    throw error;
  }
}

function createLifecycleHooks(world: World, template: Template): void {
  for (const resource of resourcesOf(template, lifecycleHookType)) {
    const { AutoScalingGroupName, LifecycleTransition, DefaultResult, HeartbeatTimeout, NotificationMetadata } =
      resource.properties;
    creating(resource, () =>
      world.autoScaling.putLifecycleHook({
        LifecycleHookName: resource.identity.name,
        AutoScalingGroupName,
        LifecycleTransition,
        DefaultResult,
        HeartbeatTimeout,
        NotificationMetadata,
      }),
    );
  }
}

function createCustomResources(world: World, template: Template, access: AccessControl): void {
  const functions = resourcesOf(template, functionType);
  for (const resource of resourcesOf(template, awsCallType)) {
    const provider = functions.find(({ identity }) => identity.attributes['Arn'] === resource.properties.ServiceToken);
    creating(resource, () => {
      const roleName = access.assume(provider?.properties.Role ?? '', 'lambda.amazonaws.com');
      createCustomResource(world, access, roleName, resource);
    });
  }
}

function creating<Properties>({ logicalId, type }: TypedResource<Properties>, create: () => void): void {
  try {
    create();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot create resource "${logicalId}" of type "${type}": ${reason}`, { cause: error });
  }
}
