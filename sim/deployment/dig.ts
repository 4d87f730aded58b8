import type { DnsAnswer, Route53 } from '../route53.ts';

/** Which cluster's records to show. */
export interface DigOptions {
  readonly zoneName: string;
  readonly cluster: string;
  /** @default http */
  readonly service?: string;
}

/**
 * The records of a cluster as `dig` would show them now, which is to say as far as they have propagated: the SRV record set with the address
 * records that Route 53 appends to it, then the registry entry.
 */
export function dig(route53: Route53, { zoneName, cluster, service = 'http' }: DigOptions): string {
  const domain = `${cluster}.${zoneName}`;
  return [section(route53, `_${service}._tcp.${domain}`, 'SRV'), section(route53, domain, 'TXT')].join('\n\n');
}

function section(route53: Route53, name: string, type: string): string {
  const answer = route53.answer(name, type);
  const lines = answer === undefined ? [] : records(answer);
  const addresses = (answer?.values ?? []).flatMap((value) => (type === 'SRV' ? addressesOf(route53, value) : []));
  const counts = `QUERY: 1, ANSWER: ${lines.length}, AUTHORITY: 0, ADDITIONAL: ${addresses.length}`;
  return [
    `;; ->>HEADER<<- opcode: QUERY, status: ${answer === undefined ? 'NXDOMAIN' : 'NOERROR'}`,
    `;; flags: qr aa rd; ${counts}`,
    ';; QUESTION SECTION:',
    `;${name}.\t\tIN\t${type}`,
    ...titled(';; ANSWER SECTION:', lines),
    ...titled(';; ADDITIONAL SECTION:', addresses),
  ].join('\n');
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function addressesOf(route53: Route53, srvValue: string): readonly string[] {
  const [, , , host = ''] = srvValue.split(' ');
  return ['A', 'AAAA'].flatMap((type) => {
    const answer = route53.answer(host, type);
    return answer === undefined ? [] : records(answer);
  });
}

function records({ name, type, ttl, values }: DnsAnswer): readonly string[] {
  return values.map((value) => `${name}\t${ttl}\tIN\t${type}\t${value}`);
}
