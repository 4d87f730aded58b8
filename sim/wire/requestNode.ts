/** A parsed request body, the same for every protocol: text in lists and structures. */
export type RequestNode = string | readonly RequestNode[] | RequestMembers;

/** A structure of a request by member name. */
export interface RequestMembers {
  readonly [name: string]: RequestNode;
}

/** Turns a list into one, and what stands where a list belongs (an empty element or parameter) into an empty one. */
export function asList(node: RequestNode): readonly RequestNode[] {
  return Array.isArray(node) ? node : [];
}

/** Turns a structure into one, and anything else into an empty one. */
export function asMembers(node: RequestNode): RequestMembers {
  return typeof node === 'string' || isList(node) ? {} : node;
}

function isList(node: RequestNode): node is readonly RequestNode[] {
  return Array.isArray(node);
}
