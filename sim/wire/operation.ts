import type { World } from '../world.ts';
import type { RequestReader } from './requestReader.ts';

/** A call that was read and can be run. */
interface PreparedCall {
  /** The operation's input in the SDK's shape. */
  readonly input: unknown;
  readonly run: (world: World, principal: string) => unknown;
}

/** One operation of a service on the wire: reads its input, to be run by the service. */
type Operation = (reader: RequestReader) => PreparedCall;

/** The operations of a service by the name of their action. */
export type Operations = ReadonlyMap<string, Operation>;

/** Ties the reading of an input to the method that takes it. */
export function operation<Input>(
  read: (reader: RequestReader) => Input,
  run: (world: World, input: Input, principal: string) => unknown,
): Operation {
  return (reader) => {
    const input = read(reader);
    return { input, run: (world, principal) => run(world, input, principal) };
  };
}
