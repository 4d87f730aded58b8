import type { BatchReport } from '../../lambda/batch.ts';
import type { EndedLifecycleAction } from '../autoScaling/lifecycleActions.ts';
import type { PortCallName } from '../ports/gate.ts';
import type { Write } from '../route53.ts';
import { clusterOfWakeUp } from '../scenario/clusterOfWakeUp.ts';
import type { FunctionRun } from '../scenario/functionRun.ts';
import { safetyProperties } from './properties.ts';
import type { Property } from './property.ts';
import type { Story } from './story.ts';

/** What a plan is made from. */
const planReads: ReadonlySet<PortCallName> = new Set([
  'records.list',
  'groups.ofClusters',
  'groups.warmPool',
  'instances.ofGroups',
  'instances.byId',
]);

/** Looks at every effect in a world, right after it, with all properties. */
export class Judge {
  readonly #story: Story;

  /** Begins to look: nothing that happened before counts. */
  constructor(story: Story) {
    this.#story = story;
    const { world } = story;
    world.route53.onWrite((write) => this.#written(write));
    world.ec2.onStateChange((instanceId, state) => {
      story.moves += 1;
      story.movedAt = world.now;
      const host = story.host(instanceId);
      const network = world.ec2.instance(instanceId)?.network;
      for (const address of [network?.privateIpAddress, network?.ipv6Address]) {
        if (address !== undefined) {
          host.addresses.add(address);
        }
      }
      host.enterInstanceState(state, world.now);
    });
    world.autoScaling.onMemberStateChange(({ group, instanceId, lifecycleState }) => {
      story.moves += 1;
      story.movedAt = world.now;
      const host = story.host(instanceId);
      host.hasMoved ||= host.group !== '' && host.group !== group;
      host.group = group;
      host.enterLifecycleState(lifecycleState, world.now);
    });
    world.ec2.onTagsChange((instanceId) => this.#tagged(instanceId));
    world.autoScaling.onLifecycleActionEnded((ended) => this.#actionEnded(ended));
  }

  /** A run has called a port, and was answered, or refused. */
  called(run: FunctionRun, name: PortCallName, subject: string, failed: boolean): void {
    const story = this.#story;
    const by = story.runStory(run);
    by.calls += 1;
    if (name === 'groups.ofClusters') {
      // A run that observes anew plans from the instances that it reads from here on, if any.
      by.readAfter.delete('instances.ofGroups');
      by.readAfter.delete('instances.byId');
      by.failedReads.splice(0, by.failedReads.length, ...by.failedReads.filter((read) => read.name === 'records.list'));
    }
    if (name === 'records.list' && by.readAfter.has('groups.ofClusters')) {
      by.failedReads.length = 0;
    }
    if (failed) {
      by.failedReads.push(...(planReads.has(name) ? [{ name, subject }] : []));
    } else {
      if (name === 'records.list') {
        by.listed.add(subject);
      }
      by.readAfter.set(name, story.world.route53.writes.length);
    }
    this.#ask((property) => property.onCall?.({ by, name, subject, failed }, story));
  }

  /** A run has returned; of its messages some come back. */
  returned(run: FunctionRun, { failed, outcomes, errors }: BatchReport): void {
    const failing = new Set(outcomes.filter(({ kind }) => kind === 'failed').map(({ cluster }) => cluster));
    const messages = run.messages.flatMap(({ id, body }) => {
      const cluster = clusterOfWakeUp(body);
      return cluster === undefined ? [] : [{ cluster, comesBack: failed.includes(id) }];
    });
    const returned = { messages, failing, hasErrors: errors.length > 0 };
    this.#ask((property) => property.onReturn?.(this.#story.runStory(run), returned, this.#story));
  }

  /** A run has sent itself a message; so many of its own now wait for that cluster. */
  wokenLater(run: FunctionRun, cluster: string, waiting: number): void {
    this.#story.runStory(run).woken.add(cluster);
    this.#story.look('BoundedWork');
    this.#ask((property) => property.onWakeUp?.(cluster, waiting, this.#story));
  }

  #written(write: Write): void {
    const story = this.#story;
    const { acting, world } = story;
    for (const [name, changes] of story.clustersOf(write)) {
      const cluster = story.cluster(name);
      const before = cluster.weights;
      const serialBefore = cluster.serial;
      const wasForeign = cluster.isForeign;
      cluster.apply(write, world.route53.writes.length, changes, acting !== undefined);
      if (acting === undefined) {
        cluster.edited = true;
        continue;
      }
      const by = story.runStory(acting);
      const isSwap = changes.some(({ ResourceRecordSet: set }) => set?.Type === 'TXT' || set?.Type === 'SRV');
      const own = { write, changes, by, cluster, before, serialBefore, isSwap, wasForeign };
      this.#ask((property) => property.onWrite?.(own, story));
      if (isSwap) {
        cluster.lastOwnWrite = world.route53.writes.length;
        cluster.edited = false;
        by.wrote.set(name, cluster.lastOwnWrite);
        by.woken.delete(name);
      }
    }
  }

  #tagged(instanceId: string): void {
    const story = this.#story;
    const host = story.host(instanceId);
    const before = host.weightTag;
    const after = story.world.ec2.instance(instanceId)?.tags.get('srv_weight');
    host.weightTag = after;
    host.tagChanges += 1;
    if (story.acting !== undefined) {
      const by = story.runStory(story.acting);
      // What registration wrote over a hand's edit of the same minute counts from then on: a weight has no version to compare.
      host.change(story.world.now, () => host.followTags(story.world.ec2.instance(instanceId)?.tags));
      this.#ask((property) => property.onTag?.({ by, instanceId, before, after }, story));
    }
  }

  #actionEnded(ended: EndedLifecycleAction): void {
    this.#ask((property) => property.onActionEnded?.(ended, this.#story));
  }

  #ask(question: (property: Property) => string | undefined): void {
    for (const property of safetyProperties) {
      const text = question(property);
      if (text !== undefined) {
        this.#story.fail(property.name, text);
      }
    }
  }
}
