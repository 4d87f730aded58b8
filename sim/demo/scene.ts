import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from '../deployment/assembly.ts';
import { functionType, lifecycleHookType, resourcesOf } from '../deployment/resources.ts';
import { readTemplate } from '../deployment/template.ts';
import type { World } from '../world.ts';

/** What must be there before the stack can be deployed: all of it is named by the stack itself. */
export interface Scene {
  readonly hostedZoneId: string;
  /** Without a trailing dot. */
  readonly zoneName: string;
  /** Names of the Auto Scaling groups that the stack puts hooks on; the demo plays with the first. */
  readonly groups: readonly [string, ...string[]];
}

/** Reads the zone and the groups of a synthesized stack. Throws an `Error` where there is no stack, or none that names them. */
export function readScene(world: World, assemblyPath: string): Scene {
  const manifest = join(assemblyPath, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new Error(
      `Cannot run the demo: the stack must be synthesized first, by "npm run synth": found no "${manifest}"`,
    );
  }
  const assembly = readAssembly(assemblyPath);
  const template = readTemplate(assembly.template, {
    account: world.account,
    region: world.region,
    stackName: assembly.stackName,
    queueUrl: (name) => name,
  });
  const hooked = resourcesOf(template, lifecycleHookType).map(({ properties }) => properties.AutoScalingGroupName);
  const [group, ...groups] = new Set(hooked);
  const environments = resourcesOf(template, functionType).map(({ properties }) => properties.Environment?.Variables);
  const environment = environments.find((variables) => variables?.['HOSTED_ZONE_ID'] !== undefined);
  const hostedZoneId = environment?.['HOSTED_ZONE_ID'];
  const zoneName = environment?.['ZONE_NAME'];
  if (group === undefined || hostedZoneId === undefined || zoneName === undefined) {
    throw new Error(
      `Cannot run the demo: stack "${assembly.stackName}" must register a group and have a zone: found group "${group ?? ''}" and zone "${zoneName ?? ''}"`,
    );
  }
  return { hostedZoneId, zoneName, groups: [group, ...groups] };
}
