import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { AwsError } from '../awsError.ts';
import type { RequestMembers, RequestNode } from './requestNode.ts';

/** How a service spells the members of its outputs in XML. */
export interface XmlNaming {
  /** The element of a structure's member. */
  readonly member: (name: string) => string;
  /** The element of each item of the list that is this member; `undefined` where the member's own element is repeated, once for each item. */
  readonly item: (listName: string) => string | undefined;
}

const attributePrefix = '@';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: attributePrefix });

// Values stay as they were sent: no numbers, no trimming.
const parser = new XMLParser({ ignoreDeclaration: true, parseTagValue: false, trimValues: false });

/** Writes a document with one root element of the given namespace. `content` is an output in the SDK's shape; what is `undefined` is left out. */
export function writeXml(root: string, namespace: string | undefined, content: object, naming: XmlNaming): string {
  const attributes = namespace === undefined ? {} : { [`${attributePrefix}xmlns`]: namespace };
  const members = toElements(content, naming);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...members } })}`;
}

/** Reads the root element's content. `items` names the element of each item by the name of its list; other elements are no lists. */
export function readXml(document: string, items: ReadonlyMap<string, string>): RequestMembers {
  const root = Object.values(parse(document)).find(isRecord);
  return root === undefined ? {} : toMembers(root, items);
}

type Tree = string | readonly Tree[] | { readonly [name: string]: Tree };

function toTree(value: unknown, name: string, naming: XmlNaming): Tree {
  if (Array.isArray(value)) {
    const all: readonly unknown[] = value;
    const items = all.map((item) => toTree(item, '', naming));
    const element = naming.item(name);
    if (element === undefined) {
      return items;
    }
    return items.length === 0 ? '' : { [element]: items };
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  return isRecord(value) ? toElements(value, naming) : String(value);
}

function toElements(structure: object, naming: XmlNaming): Readonly<Record<string, Tree>> {
  const members: readonly [string, unknown][] = Object.entries(structure);
  return Object.fromEntries(
    members
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => [naming.member(name), toTree(content, name, naming)]),
  );
}

function parse(document: string): Record<string, unknown> {
  try {
    const parsed: unknown = parser.parse(document, true);
    return isRecord(parsed) ? parsed : {};
  } catch (error) {
    throw new AwsError('InvalidInput', `Invalid XML ; ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toMembers(element: Record<string, unknown>, items: ReadonlyMap<string, string>): RequestMembers {
  return Object.fromEntries(Object.entries(element).map(([name, content]) => [name, toNode(name, content, items)]));
}

function toNode(name: string, content: unknown, items: ReadonlyMap<string, string>): RequestNode {
  const item = items.get(name);
  if (item !== undefined) {
    const found = isRecord(content) ? content[item] : undefined;
    const all: readonly unknown[] = Array.isArray(found) ? found : [found];
    return all.filter((each) => each !== undefined).map((each) => toNode(item, each, items));
  }
  return isRecord(content) ? toMembers(content, items) : String(content);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
