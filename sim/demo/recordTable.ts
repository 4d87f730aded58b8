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
  page.detail(`${name}  serial ${before.serial} → ${after.serial}`, 'bold');
  if (changed.length > 0) {
    page.detail(row('host', 'before', 'after'), 'dim');
  }
  for (const host of changed) {
    const [old, current] = [before.weights.get(host), after.weights.get(host)];
    const look = old === undefined ? 'green' : current === undefined ? 'red' : 'yellow';
    page.detail(row(shortIds(host), cell(old), cell(current)), look);
  }
  const rest = Map.groupBy(
    hosts.filter((host) => !changed.includes(host)),
    (host) => after.weights.get(host),
  );
  for (const [weight, unchanged] of rest) {
    page.detail(row(counted(unchanged.length, 'other'), cell(weight), cell(weight)), 'dim');
  }
}

function row(host: string, before: string, after: string): string {
  return `  ${host.padEnd(hostColumns)}${before.padStart(weightColumns)}${after.padStart(weightColumns)}`;
}

function cell(weight: number | undefined): string {
  return weight === undefined ? '–' : String(weight);
}
