import type { Case } from './case.ts';
import { isIpAddress } from './ipAddress.ts';
import type { Instance, Notice } from './model.ts';

/** The address to publish: EC2 says which are the instance's own, the tag only chooses among them (Authenticity). */
export function addressOf(
  given: Case,
  instance: Instance,
): { readonly address?: string; readonly notices: readonly Notice[] } {
  const { instanceId, recorded } = given;
  const tag = instance.tags.ip_address?.trim().toLowerCase();
  const own = instance.addresses.map((address) => address.toLowerCase());
  const first = own[0];
  if (first === undefined) {
    // EC2 shows none: what is published stays, and a recorded host's tag is its memory.
    const remembered = recorded !== undefined && tag !== undefined && isIpAddress(tag) ? tag : undefined;
    const last = publishedAddress(given) ?? remembered;
    return last === undefined ? { notices: [] } : { address: last, notices: [] };
  }
  if (tag === undefined || own.includes(tag)) {
    return { address: tag ?? first, notices: [] };
  }
  const text = `Cannot believe tag "ip_address" of instance "${instanceId}": must be one of its own addresses (${own.join(', ')}): current value is "${tag}"`;
  return { address: first, notices: [{ kind: 'badAddress', subject: instanceId, text }] };
}

/** The address that the record holds for it. */
export function publishedAddress({ record, instanceId }: Case): string | undefined {
  return record.addressSets.get(instanceId)?.[0]?.values[0]?.toLowerCase();
}
