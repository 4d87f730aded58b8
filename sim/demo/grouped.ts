import { shortIds } from './shortId.ts';

const firstInstanceId = /i-[0-9a-f]{8,17}/u;
const address = /ip_address=\S+/u;
/** So many hosts are still named one by one. */
const namesMax = 3;

/**
 * Lines that say the same of several instances become one line with a count, in the order in which they first came. Addresses, which differ
 * from host to host, are left out of such a line.
 */
export function grouped(lines: readonly string[]): readonly string[] {
  const groups = Map.groupBy(lines, (line) => line.replace(firstInstanceId, '').replace(address, ''));
  return [...groups.values()].map((same) => {
    const [first = ''] = same;
    if (same.length === 1) {
      return shortIds(first);
    }
    const ids = same.map((line) => shortIds(firstInstanceId.exec(line)?.[0] ?? ''));
    const hosts = `${same.length} hosts${same.length > namesMax ? '' : ` (${ids.join(', ')})`}`;
    return first.replace(firstInstanceId, hosts).replace(address, 'ip_address=…');
  });
}
