import { AwsError } from '../awsError.ts';
import { asList, asMembers, type RequestMembers } from './requestNode.ts';

/** Reads a request's structure into an SDK input, member by member. What is absent reads as `undefined`; what cannot be read throws. */
export class RequestReader {
  readonly #members: RequestMembers;
  readonly #errorName: string;

  /** `errorName` is what the service calls a malformed request. */
  constructor(members: RequestMembers, errorName: string) {
    this.#members = members;
    this.#errorName = errorName;
  }

  text(name: string): string | undefined {
    const node = this.#members[name];
    return typeof node === 'string' ? node : undefined;
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^-?\d+$/u.test(text)) {
      throw this.#malformed(name, 'an integer', text);
    }
    return text === undefined ? undefined : Number(text);
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text !== undefined && text !== 'true' && text !== 'false') {
      throw this.#malformed(name, 'true or false', text);
    }
    return text === undefined ? undefined : text === 'true';
  }

  choice<Option extends string>(name: string, options: readonly Option[]): Option | undefined {
    const text = this.text(name);
    const found = options.find((option) => option === text);
    if (text !== undefined && found === undefined) {
      throw this.#malformed(name, `one of ${options.join(', ')}`, text);
    }
    return found;
  }

  texts(name: string): string[] | undefined {
    const node = this.#members[name];
    return node === undefined ? undefined : asList(node).filter((item) => typeof item === 'string');
  }

  /** The keys and text values of a structure that serves as a map. */
  map(name: string): Record<string, string> | undefined {
    const node = this.#members[name];
    const entries = Object.entries(node === undefined ? {} : asMembers(node));
    return node === undefined
      ? undefined
      : Object.fromEntries(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
  }

  /** The keys and structures of a structure that serves as a map. */
  structures<Value>(name: string, read: (reader: RequestReader) => Value): Record<string, Value> | undefined {
    const node = this.#members[name];
    const entries = Object.entries(node === undefined ? {} : asMembers(node));
    return node === undefined
      ? undefined
      : Object.fromEntries(
          entries.map(([key, value]) => [key, read(new RequestReader(asMembers(value), this.#errorName))]),
        );
  }

  structure<Value>(name: string, read: (reader: RequestReader) => Value): Value | undefined {
    const node = this.#members[name];
    return node === undefined ? undefined : read(new RequestReader(asMembers(node), this.#errorName));
  }

  list<Value>(name: string, read: (reader: RequestReader) => Value): Value[] | undefined {
    const node = this.#members[name];
    return node === undefined
      ? undefined
      : asList(node).map((item) => read(new RequestReader(asMembers(item), this.#errorName)));
  }

  #malformed(name: string, wanted: string, found: string): AwsError {
    return new AwsError(
      this.#errorName,
      `Value '${found}' at '${name}' failed to satisfy constraint: Member must be ${wanted}`,
    );
  }
}
