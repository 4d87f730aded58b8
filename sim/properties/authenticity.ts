import type { Property } from './property.ts';

/** An address enters the record only if it belongs to that instance. */
export const authenticity: Property = {
  name: 'Authenticity',
  onWrite: ({ by, cluster, changes }, story) => {
    for (const { Action, ResourceRecordSet: set } of changes) {
      if (Action === 'DELETE' || (set?.Type !== 'A' && set?.Type !== 'AAAA')) {
        continue;
      }
      story.look('Authenticity');
      const instanceId = set.Name?.split('.')[0] ?? '';
      for (const { Value = '' } of set.ResourceRecords ?? []) {
        if (story.hosts.get(instanceId)?.addresses.has(Value) !== true) {
          return `run ${by.run.number} published ${Value} for ${instanceId} in "${cluster.name}", which is not an address of it`;
        }
      }
    }
    return undefined;
  },
};
