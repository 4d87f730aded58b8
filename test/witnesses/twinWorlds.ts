import { expect } from 'vitest';
import { createRequestHandler } from '../../sim/wire/requestHandler.ts';
import { type AnsweredCall, createRouter } from '../../sim/wire/router.ts';
import { startServer } from '../../sim/wire/server.ts';
import { World } from '../../sim/world.ts';
import { type SdkClients, sdkClients } from '../sdkClients.ts';
import { awsCli } from './awsCli.ts';

/** Two worlds of one seed: the SDK for JavaScript talks to one, botocore says the same to the other. */
export interface TwinWorlds {
  /** Does to both what no call of AWS can do. */
  readonly prepare: <Result>(act: (world: World) => Result) => Result;
  readonly advance: (seconds: number) => Promise<void>;
  /**
   * Sends a call by the SDK, then by botocore, and expects that the simulation read the same, that both clients read the same answer, and that
   * the same happened in both worlds.
   *
   * @returns the answer as the SDK read it
   */
  readonly both: <Output extends object>(send: (to: SdkClients) => Promise<Output>) => Promise<Output>;
  /** The operations of a service that botocore had an answer of, sorted. */
  readonly answered: (service: AnsweredCall['service']) => readonly string[];
  readonly close: () => Promise<void>;
}

/** Makes the two worlds. */
export async function twinWorlds(): Promise<TwinWorlds> {
  const worlds = { sdk: new World(), cli: new World() };
  const calls: { readonly sdk: AnsweredCall[]; readonly cli: AnsweredCall[] } = { sdk: [], cli: [] };
  const routerOf = (side: 'sdk' | 'cli') => createRouter(worlds[side], { onCall: (call) => calls[side].push(call) });
  const server = await startServer(routerOf('cli'));
  const cli = awsCli(server.url);
  const clients = sdkClients('AKIDSYNC', { requestHandler: createRequestHandler(routerOf('sdk')) });
  return {
    prepare: (act) => {
      act(worlds.cli);
      return act(worlds.sdk);
    },
    advance: async (seconds) => {
      await worlds.sdk.advance(seconds);
      await worlds.cli.advance(seconds);
    },
    both: async (send) => {
      const output = await send(clients);
      const call = calls.sdk.at(-1);
      if (call === undefined) {
        throw new Error('Cannot ask botocore the same: must be a call of the SDK: found none');
      }
      const input = JSON.stringify(asBotocoreTakesIt(call.input), asBotocoreWritesIt);
      const words = [call.service, commandOf(call.action), '--no-paginate', '--cli-input-json', input];
      const read = await cli.json(...words);
      expect(calls.cli.at(-1)).toEqual(call);
      const { $metadata: _, ...answer } = Object.fromEntries<unknown>(Object.entries(output));
      expect({ [call.action]: withDates(read ?? {}) }).toEqual({
        [call.action]: asBotocoreKnowsIt(call.service, answer),
      });
      expect(worlds.cli.happenings).toEqual(worlds.sdk.happenings);
      return output;
    },
    answered: (service) => {
      const found = calls.cli.filter((call) => call.service === service && call.error === undefined);
      return [...new Set(found.map((call) => call.action))].toSorted();
    },
    close: () => server.close(),
  };
}

/** `DescribeInstances` is `describe-instances`. */
function commandOf(action: string): string {
  return action.replace(/(?<=.)[A-Z]/gu, (letter) => `-${letter}`).toLowerCase();
}

/** Debian's botocore is of 2022: SQS had one list for the names of both kinds of attributes. */
function asBotocoreTakesIt(input: unknown): unknown {
  const { MessageSystemAttributeNames: names, ...others } = Object.fromEntries<unknown>(Object.entries(input ?? {}));
  return names === undefined ? others : { ...others, AttributeNames: names };
}

/** Members that AWS added to its answers after 2022. */
const addedSince: Readonly<Record<AnsweredCall['service'], readonly string[]>> = {
  autoscaling: ['ImageId'],
  ec2: ['IsPrimaryIpv6'],
  route53: [],
  sqs: [],
};

/** An answer of the SDK without what botocore cannot know. */
function asBotocoreKnowsIt(service: AnsweredCall['service'], answer: object): unknown {
  return JSON.parse(JSON.stringify(answer, asBotocoreWritesIt), (name, value: unknown) =>
    addedSince[service].includes(name) ? undefined : value,
  );
}

/** Route 53's model calls `MaxItems` a string; the SDK for JavaScript makes a number of it. */
function asBotocoreWritesIt(name: string, value: unknown): unknown {
  return name === 'MaxItems' && typeof value === 'number' ? String(value) : value;
}

/** What `aws` printed, with its dates as JavaScript prints them. */
function withDates(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/u.test(value)
      ? new Date(value).toISOString()
      : value,
  );
}
