import type { ClusterRecord } from './clusterRecord.ts';
import { counted } from './counted.ts';
import type { Page } from './page.ts';
import { shortIds } from './shortId.ts';

const hostColumns = 16;
const weightColumns = 9;

/** Prints a record before and after: each host whose weight changed, sorted, then how many did not. */
export function printRecordTable(page: Page, name: string, before: ClusterRecord, after: ClusterRecord): void {
  const hosts = [...new Set([...before.weights.keys(), ...after.weights.keys()])].toSorted();
  const changed = hosts.filter((host) => before.weights.get(host) !== after.weights.get(host));
  page.detail(`${page.paint('bold', name)}  serial ${before.serial} → ${after.serial}`);
  if (changed.length > 0) {
    page.detail(page.paint('dim', row('host', 'before', 'after')));
  }
  for (const host of changed) {
    const [old, current] = [before.weights.get(host), after.weights.get(host)];
    const look = old === undefined ? 'green' : current === undefined ? 'red' : 'yellow';
    page.detail(page.paint(look, row(shortIds(host), cell(old), cell(current))));
  }
  const rest = Map.groupBy(
    hosts.filter((host) => !changed.includes(host)),
    (host) => after.weights.get(host),
  );
  for (const [weight, unchanged] of rest) {
    page.detail(page.paint('dim', row(counted(unchanged.length, 'other'), cell(weight), cell(weight))));
  }
}

function row(host: string, before: string, after: string): string {
  return `  ${host.padEnd(hostColumns)}${before.padStart(weightColumns)}${after.padStart(weightColumns)}`;
}

function cell(weight: number | undefined): string {
  return weight === undefined ? '–' : String(weight);
}
