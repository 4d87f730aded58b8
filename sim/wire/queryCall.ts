import type { ParsedRequest } from './protocol.ts';
import { asMembers, type RequestNode } from './requestNode.ts';

/**
 * Parses a call from the body of the two query protocols, where a path of names and numbers leads to each value: `Tags.member.1.Key=…` in Auto Scaling,
 * `Tag.1.Key=…` in EC2.
 *
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function parseQueryCall(body: string): ParsedRequest {
  const root: Branch = new Map();
  for (const [path, value] of new URLSearchParams(body)) {
    place(root, path.split('.'), value);
  }
  const { Action: action = '', ...members } = asMembers(toNode(root));
  return { action: typeof action === 'string' ? action : '', members };
}

type Branch = Map<string, string | Branch>;

function place(branch: Branch, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const existing = branch.get(name);
  const next: Branch = existing instanceof Map ? existing : new Map();
  branch.set(name, next);
  place(next, rest, value);
}

function toNode(value: string | Branch): RequestNode {
  if (typeof value === 'string') {
    return value;
  }
  const member = value.get('member');
  if (member !== undefined && value.size === 1) {
    return toNode(member);
  }
  if ([...value.keys()].every((name) => /^\d+$/u.test(name))) {
    return [...value].toSorted(([left], [right]) => Number(left) - Number(right)).map(([, item]) => toNode(item));
  }
  return Object.fromEntries([...value].map(([name, item]) => [name, toNode(item)]));
}
