import { oldestShown } from './excuse.ts';
import type { Property } from './property.ts';

/**
 * An instance that began to leave, and that the record has let go because of it (weight 0, or no target), never gains weight again and never comes
 * back, until it begins a new life in a group; also when reads are up to 60 s old and go back and forth.
 */
export const noResurrection: Property = {
  name: 'NoResurrection',
  onWrite: ({ by, cluster, before, write }, story) => {
    for (const [instanceId, weight] of cluster.weights) {
      const host = story.hosts.get(instanceId);
      const rose = weight > (before.get(instanceId) ?? 0);
      if (host?.leftAt === undefined) {
        continue;
      }
      const letGoAt = cluster.letGoAt(instanceId);
      // After a hand's edit of its tags, or a rest in standby, nobody can tell why the record let it go, nor why it came back.
      const isExplained = Math.max(host.askedAt ?? 0, host.restedAt ?? 0) > oldestShown(write.at);
      if (letGoAt === undefined || letGoAt < host.leftAt || isExplained) {
        continue;
      }
      story.look('NoResurrection');
      if (rose) {
        return `${instanceId} began to leave and the record of "${cluster.name}" had let it go, and run ${by.run.number} brought it back at weight ${weight}`;
      }
    }
    return undefined;
  },
};
