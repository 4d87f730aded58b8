import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimPorts } from '../sim/ports.ts';
import { plannerAndEnactor } from '../sim/rivals/plannerAndEnactor.ts';
import { tagAndUpsertHandler } from '../sim/rivals/tagAndUpsertHandler.ts';
import type { HandleBatch } from '../sim/scenario/handleBatch.ts';
import { ourHooks } from '../sim/scenario/ourHooks.ts';
import { runScenario } from '../sim/scenario/runScenario.ts';
import type { Scenario, Step } from '../sim/scenario/scenario.ts';
import { scenarioOf } from '../sim/scenario/scenarioOf.ts';
import { World } from '../sim/world.ts';
import { publishedEvents } from './publishedEvents.ts';
import { loadVariant, patchOf, type Variant, variantNames } from './variants/loadVariant.ts';
import { putPatchedLambda } from './variants/patchedLambda.ts';

const zone = 'svc.example.internal';
const repository = join(import.meta.dirname, '..');

/** Their fault is that this very world, in which only sweeps come, does not become right. */
const deafToSweeps: ReadonlySet<string> = new Set(['sweepDisabled']);

test.for(variantNames().filter((name) => !deafToSweeps.has(name)))(
  'variant %s registers and drains the hosts of a group that nothing disturbs',
  async (name) => {
    const { handleBatch, caughtBy } = await loadVariant(name);
    expect(caughtBy.length).toBeGreaterThan(0);
    expect(await undisturbed(handleBatch)).toEqual({ states: ['InService', 'InService'], weights: [65_535, 65_535] });
  },
);

test.for([...deafToSweeps])('variant %s loads, and does nothing where only sweeps come', async (name) => {
  const { handleBatch } = await loadVariant(name);
  expect(await undisturbed(handleBatch)).toMatchObject({ weights: [] });
});

/** Seeds within which each must be caught. */
const seedsMax = 2000;

/**
 * What is no patch of the core but another sync altogether, and what it must be caught by: it does not even claim the other properties. With
 * nothing worse in its world than runs that overlap, take long, or stand still.
 */
const rivals: Readonly<Record<string, Pick<Variant, 'caughtBy' | 'handleBatch'>>> = {
  'tag-and-UPSERT': { handleBatch: tagAndUpsertHandler, caughtBy: ['NoResurrection'] },
  'planner and enactor': { handleBatch: plannerAndEnactor, caughtBy: ['NoStaleOverwrite'] },
};

function racesOnly({ rates: { zombie = 0, timeout = 0 }, steps, ...scenario }: Scenario): Scenario {
  const harmless: ReadonlySet<Step['kind']> = new Set([
    'scale',
    'terminate',
    'terminateAll',
    'crash',
    'createGroup',
    'wait',
  ]);
  return { ...scenario, rates: { zombie, timeout }, steps: steps.filter(({ kind }) => harmless.has(kind)) };
}

test.for([...variantNames(), ...Object.keys(rivals)])(
  `%s is caught by a property of its own within ${seedsMax} seeds`,
  async (name) => {
    const rival = rivals[name];
    const { handleBatch: handle, caughtBy } = rival ?? (await loadVariant(name));
    const only = new Set(caughtBy);
    for (let seed = 1; seed <= seedsMax; seed += 1) {
      const scenario = rival === undefined ? scenarioOf(seed) : racesOnly(scenarioOf(seed));
      const { violation } = await runScenario(scenario, { handle, only });
      if (violation !== undefined) {
        process.stdout.write(`${name}: seed ${seed}, ${violation.property}: ${violation.text}\n`);
        return;
      }
    }
    expect.fail(`${name} must be caught by ${caughtBy.join(' or ')} within ${seedsMax} seeds: it was not`);
  },
);

test('every variant type-checks: its fault is in what it does, not in what it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-variants-'));
  try {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    for (const name of variantNames()) {
      mkdirSync(join(folder, name));
      putPatchedLambda(patchOf(name), join(folder, name));
    }
    // A small patch may leave an import or a parameter behind that nothing needs any more.
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
    const settings = { extends: join(repository, 'tsconfig.json'), compilerOptions, include: ['*/lambda'] };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    expect(typeErrors(folder)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('loadVariant() refuses a name without a patch', async () => {
  await expect(loadVariant('none')).rejects.toThrow('none');
});

/** Lets a group of three launch, settle and shrink to two, a sweep a minute; answers its members' states, and what the record holds. */
async function undisturbed(handleBatch: HandleBatch): Promise<object> {
  const world = new World();
  const hostedZoneId = world.route53.addHostedZone(zone);
  const { QueueUrl: queueUrl = '' } = world.sqs.createQueue({ QueueName: 'queue' });
  const ports = createSimPorts(world, { hostedZoneId, zone, owner: 'me', queueUrl });
  const AutoScalingGroupName = 'web-blue';
  world.autoScaling.createAutoScalingGroup({
    AutoScalingGroupName,
    MinSize: 0,
    MaxSize: 9,
    DesiredCapacity: 3,
    Tags: [{ Key: 'srv_cluster', Value: 'web', PropagateAtLaunch: false }],
    LifecycleHookSpecificationList: ourHooks(7200),
  });
  const sweep = { id: 'sweep', body: JSON.stringify(publishedEvents.schedule.event) };
  for (let minute = 0; minute < 12; minute += 1) {
    if (minute === 5) {
      world.autoScaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: 2 });
    }
    await world.advance(60);
    const { errors, failed } = await handleBatch([sweep], ports, world);
    expect({ errors, failed }).toEqual({ errors: [], failed: [] });
  }
  const [group] = world.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [AutoScalingGroupName],
  }).AutoScalingGroups;
  const targets = world.route53.records(hostedZoneId).filter(({ Type }) => Type === 'SRV');
  return {
    states: group?.Instances.map(({ LifecycleState }) => LifecycleState),
    weights: targets.flatMap(({ ResourceRecords = [] }) =>
      ResourceRecords.map(({ Value = '' }) => Number(Value.split(' ')[1])),
    ),
  };
}

/** What tsc says of a folder; nothing where it is content. */
function typeErrors(folder: string): string {
  try {
    return execFileSync(
      process.execPath,
      [join(repository, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', folder],
      {
        encoding: 'utf8',
      },
    );
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}
