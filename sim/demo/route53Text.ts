import type { Change } from '@aws-sdk/client-route-53';
import type { Write } from '../route53.ts';
import type { Moment } from './chronicle.ts';
import { counted } from './counted.ts';

/** What Route 53 did, in a line: a batch accepted, with what it holds; or a batch that all name servers know now, with what they answer. */
export function route53Text({ text, at, answered }: Moment, writes: readonly Write[]): string {
  const write = writes.find(({ changeId }) => text.startsWith(changeId));
  if (write === undefined) {
    return text;
  }
  const { changeId, changes } = write;
  return text.endsWith('is INSYNC')
    ? `${changeId} is INSYNC after ${Math.round((at - write.at) / 1000)} s: the name servers answer ${counted(answered.size, 'target')}`
    : `${changeId} accepted as one batch, PENDING: ${['DELETE', 'CREATE', 'UPSERT'].flatMap((action) => summary(action, changes)).join(', ')}`;
}

function summary(action: string, changes: readonly Change[]): readonly string[] {
  const types = changes
    .filter((change) => change.Action === action)
    .map((change) => change.ResourceRecordSet?.Type ?? '');
  const counts = [...Map.groupBy(types, (type) => type)].map(([type, same]) =>
    same.length === 1 ? type : `${same.length} ${type}`,
  );
  return counts.length === 0 ? [] : [`${action} ${counts.join(' + ')}`];
}
