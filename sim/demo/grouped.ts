import { shortIds } from './shortId.ts';

const firstInstanceId = /i-[0-9a-f]{8,17}/u;
const messageId = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} /u;
const address = /ip_address=\S+/u;
/** So many hosts are still named one by one. */
const namesMax = 2;

/**
 * Lines that say the same of several instances become one line with a count, in the order in which they first came. Addresses and
 * message ids, which always differ, are left out of such a line.
 */
export function grouped(lines: readonly string[]): readonly string[] {
  const groups = Map.groupBy(lines, (line) =>
    line.replace(firstInstanceId, '').replace(messageId, '').replace(address, ''),
  );
  return [...groups.values()].map((same) => {
    const [first = ''] = same;
    if (same.length === 1) {
      return shortIds(first);
    }
    if (!firstInstanceId.test(first)) {
      return `${first.replace(messageId, '… ')} (${same.length} times)`;
    }
    const ids = same.map((line) => shortIds(firstInstanceId.exec(line)?.[0] ?? ''));
    const hosts = `${same.length} hosts${same.length > namesMax ? '' : ` (${ids.join(', ')})`}`;
    return first.replace(firstInstanceId, hosts).replace(address, 'ip_address=…');
  });
}
