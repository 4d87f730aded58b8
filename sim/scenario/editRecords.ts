import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { ConsoleEdit } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Edits the records of one cluster as a hand in the console does; where there is nothing to edit, nothing happens. */
export function editRecords(stage: Stage, cluster: string, edit: ConsoleEdit): void {
  const { world, story, names } = stage;
  const sets = story.cluster(cluster).sets;
  const changes = story.foreignClusters.has(cluster)
    ? []
    : changesOf(edit, sets, `${cluster}.${names.zone}.`, world.now);
  if (changes.length === 0) {
    return;
  }
  const done = stage.try(() =>
    world.route53.changeResourceRecordSets({
      HostedZoneId: names.hostedZoneId,
      ChangeBatch: { Changes: [...changes] },
    }),
  );
  if (!done) {
    return;
  }
  stage.happened(edit.startsWith('delete') ? 'recordDeleted' : 'recordEdited', `${cluster}: ${edit}`);
  if (edit === 'deleteEntry') {
    // Refused from now on, until an operator deletes the rest: docs/how-it-works.md.
    for (const group of story.groupsOf(cluster)) {
      story.unmanageable.add(group);
    }
  }
}

function changesOf(
  edit: ConsoleEdit,
  sets: readonly ResourceRecordSet[],
  domain: string,
  now: number,
): readonly Change[] {
  const entry = sets.find(({ Type }) => Type === 'TXT');
  const targets = sets.find(({ Type }) => Type === 'SRV');
  const address = sets.find(({ Type }) => Type === 'A');
  switch (edit) {
    case 'deleteTargets':
      return remove(targets);
    case 'deleteAddress':
      return remove(address);
    case 'deleteEntry':
      return targets === undefined ? [] : remove(entry);
    case 'deleteAll':
      return sets.flatMap(remove);
    case 'changeAddress':
      return rewrite(address, () => ['192.0.2.1']);
    case 'changeTtl':
      return targets === undefined ? [] : [upsert({ ...targets, TTL: 300 })];
    case 'lowerWeight':
      return rewrite(targets, (values) => values.map((value) => value.replace(/^(\d+) \d+/, '$1 7')));
    case 'addStray':
      return rewrite(targets, (values) => [...values, '0 1 443 stray.example.com.']);
    case 'addHost':
      return rewrite(targets, (values) => [...values, `0 1 443 i-0ffffffffffffffff.${domain}`]);
    case 'damageSerial':
      return rewrite(entry, (values) => values.map((value) => value.replace(/"serial=\d+"/, '"serial=many"')));
    case 'raiseSerial':
      return rewrite(entry, (values) =>
        values.map((value) => value.replace(/"serial=(\d+)"/, (_, serial: string) => `"serial=${Number(serial) + 3}"`)),
      );
    case 'doubleEntry':
      return rewrite(entry, (values) => [
        ...values,
        ...values
          .slice(0, 1)
          .map((value) => value.replace(/"serial=(\d+)"/, '"serial=1"').replace(/"written=(\d+)"/, '"written=1"')),
      ]);
    case 'futureInstants':
      return rewrite(entry, (values) =>
        values.map((value) => value.replace(/"written=\d+"/, `"written=${Math.round(now / 1000) + 86_400}"`)),
      );
  }
}

function remove(set: ResourceRecordSet | undefined): readonly Change[] {
  return set === undefined ? [] : [{ Action: 'DELETE', ResourceRecordSet: set }];
}

function upsert(set: ResourceRecordSet): Change {
  return { Action: 'UPSERT', ResourceRecordSet: set };
}

function rewrite(
  set: ResourceRecordSet | undefined,
  edit: (values: readonly string[]) => readonly string[],
): readonly Change[] {
  if (set === undefined) {
    return [];
  }
  const values = (set.ResourceRecords ?? []).map(({ Value = '' }) => Value);
  return [upsert({ ...set, ResourceRecords: edit(values).map((Value) => ({ Value })) })];
}
