import type { Ports } from '../lambda/ports.ts';
import type { PortCallName, PortFaults } from '../sim/ports/gate.ts';
import type { CreatePorts } from '../sim/scenario/functionPool.ts';
import type { Stage } from '../sim/scenario/stage.ts';
import { createRouter, type Router, type WireCall } from '../sim/wire/router.ts';
import { startServer } from '../sim/wire/server.ts';
import { adapterPorts } from './adapterPorts.ts';
import { destroySdkClients, sdkClients } from './sdkClients.ts';

/** Ports by the adapters in `lambda/aws/`, the SDK and HTTP, under the same faults as those in process. */
export interface WirePorts {
  readonly createPorts: CreatePorts;
  /** Calls that came over the wire. */
  readonly calls: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a server for one stage after another: a run's calls wait for the world's clock, and then go to the world by HTTP. */
export async function startWirePorts(): Promise<WirePorts> {
  let current: { readonly router: Router; readonly isAlive: () => boolean } | undefined;
  let calls = 0;
  const server = await startServer((request) => {
    calls += 1;
    return current?.isAlive() === true ? current.router(request) : undefined;
  });
  // One attempt: the SDK would wait between two, by the machine's clock.
  const clients = sdkClients('AKIDSYNC', { endpoint: server.url, maxAttempts: 1 });
  return {
    calls: () => calls,
    createPorts: (stage, faults) => {
      stage.world.sqs.endpoint = server.url;
      const ports = adapterPorts(clients, stage.world, stage.names);
      const router = routerWith(stage, faults);
      const step = async (name: PortCallName): Promise<void> => {
        await faults.step?.(name);
        const run = stage.story.acting;
        current = { router, isAlive: () => run !== undefined && !run.ended };
      };
      return stepping(ports, step);
    },
    close: async () => {
      destroySdkClients(clients);
      await server.close();
    },
  };
}

/** Waits before each call of a port, as the ports in process do. */
function stepping(ports: Ports, step: (name: PortCallName) => Promise<void>): Ports {
  const after =
    <Given extends readonly unknown[], Answer>(name: PortCallName, call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      await step(name);
      return call(...given);
    };
  const { records, groups, instances, wakeUps } = ports;
  return {
    ...ports,
    pause: after('pause', ports.pause),
    records: {
      list: after('records.list', records.list),
      change: after('records.change', records.change),
      hasPropagated: after('records.hasPropagated', records.hasPropagated),
    },
    groups: {
      ofClusters: after('groups.ofClusters', groups.ofClusters),
      named: after('groups.named', groups.named),
      hooks: after('groups.hooks', groups.hooks),
      act: after('groups.act', groups.act),
    },
    instances: {
      ofGroups: after('instances.ofGroups', instances.ofGroups),
      byId: after('instances.byId', instances.byId),
      isDenied: after('instances.isDenied', instances.isDenied),
      tag: after('instances.tag', instances.tag),
    },
    wakeUps: { send: after('wakeUps.send', wakeUps.send) },
  };
}

/** The world's front door with the faults of one run: old views, failures, and death after an effect. */
function routerWith({ world, names }: Stage, faults: PortFaults): Router {
  return createRouter(world, {
    fault: (call) => {
      const name = portCallOf(call);
      const lag = (): number => faults.staleSeconds?.(name) ?? 0;
      world.autoScaling.readLagSeconds = lag;
      world.ec2.readLagSeconds = lag;
      return faults.fault?.(name, subjectsOf(call, names.zone)[0] ?? '');
    },
    onCall: (call) => {
      world.autoScaling.readLagSeconds = undefined;
      world.ec2.readLagSeconds = undefined;
      for (const subject of subjectsOf(call, names.zone)) {
        faults.onCall?.({ name: portCallOf(call), subject, error: call.error });
      }
    },
  });
}

function portCallOf({ action, input }: WireCall): PortCallName {
  const asked = JSON.stringify(input);
  switch (action) {
    case 'ListResourceRecordSets':
      return 'records.list';
    case 'ChangeResourceRecordSets':
      return 'records.change';
    case 'GetChange':
      return 'records.hasPropagated';
    case 'DescribeAutoScalingGroups':
      return asked.includes('"Filters"') ? 'groups.ofClusters' : 'groups.named';
    case 'DescribeWarmPool':
      return 'groups.warmPool';
    case 'DescribeLifecycleHooks':
      return 'groups.hooks';
    case 'CompleteLifecycleAction':
    case 'RecordLifecycleActionHeartbeat':
      return 'groups.act';
    case 'DescribeInstances':
      if (asked.includes('instance-id')) {
        return 'instances.byId';
      }
      return asked.includes('"Filters"') ? 'instances.ofGroups' : 'instances.isDenied';
    case 'CreateTags':
    case 'DeleteTags':
      return 'instances.tag';
    case 'SendMessageBatch':
      return 'wakeUps.send';
    default:
      throw new RangeError(`Cannot tell the port of a call: must be one that the adapters make: found "${action}"`);
  }
}

/** The cluster of a listing of records, those of a batch of wake-ups, or the group of a warm pool; empty text where a call names none. */
function subjectsOf({ action, input }: WireCall, zone: string): readonly string[] {
  const asked = JSON.stringify(input);
  if (action === 'DescribeWarmPool') {
    return [/"AutoScalingGroupName":"([^"]*)"/.exec(asked)?.[1] ?? ''];
  }
  const listed = /"StartRecordName":"([^"]*)"/.exec(asked)?.[1] ?? '';
  const domain = listed.replace(/\.$/, '').slice(0, -zone.length - 1);
  const woken = [...asked.matchAll(/\\"cluster\\":\\"([^"\\]*)/g)].map(([, cluster = '']) => cluster);
  return woken.length > 0 ? woken : [domain.split('.').at(-1) ?? ''];
}
