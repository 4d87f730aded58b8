import type { EndedLifecycleAction } from '../autoScaling/lifecycleActions.ts';
import type { PortCallName } from '../ports/gate.ts';
import type { Write } from '../route53.ts';
import type { ClusterStory } from './clusterStory.ts';
import type { PropertyName } from './propertyName.ts';
import type { RunStory, Story } from './story.ts';

/** A batch that Route 53 accepted from the sync, as far as it is about one cluster. The cluster's story already follows it. */
interface OwnWrite {
  readonly write: Write;
  readonly changes: Write['changes'];
  readonly by: RunStory;
  readonly cluster: ClusterStory;
  /** Weights before it. */
  readonly before: ReadonlyMap<string, number>;
  /** Serial before it. */
  readonly serialBefore: number | undefined;
  /** Does it change the registry entry or the targets? Addresses that did not fit the batch of their swap go before it, or after. */
  readonly isSwap: boolean;
  /** Did records stand there before it that were not ours? */
  readonly wasForeign: boolean;
}

/** A call of a port that a run of the function made, and was answered, or refused. */
interface OwnCall {
  readonly by: RunStory;
  readonly name: PortCallName;
  /** What it was about; empty where it was about many things at once. */
  readonly subject: string;
  readonly failed: boolean;
}

/** Tags of an instance that a run of the function wrote. */
interface OwnTag {
  readonly by: RunStory;
  readonly instanceId: string;
  /** Tag `srv_weight` before and after. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What a run that returned said of its messages. */
interface Returned {
  /** Messages, with the cluster that each is about; those that name none are left out. */
  readonly messages: readonly { readonly cluster: string; readonly comesBack: boolean }[];
  /** Clusters that failed. */
  readonly failing: ReadonlySet<string>;
  /** Something failed beside single clusters: then messages come back whatever they are about. */
  readonly hasErrors: boolean;
}

/**
 * A named property. Each method is told of one kind of effect, right after it, and answers what is wrong, in a sentence that says who did what;
 * it says `story.look` where the effect could have broken the property.
 */
export interface Property {
  readonly name: PropertyName;
  readonly onWrite?: (own: OwnWrite, story: Story) => string | undefined;
  readonly onActionEnded?: (ended: EndedLifecycleAction, story: Story) => string | undefined;
  /** The sync sent itself a message; how many of its own now wait for their time, of that cluster. */
  readonly onWakeUp?: (cluster: string, waiting: number, story: Story) => string | undefined;
  readonly onReturn?: (by: RunStory, returned: Returned, story: Story) => string | undefined;
  readonly onCall?: (call: OwnCall, story: Story) => string | undefined;
  /** A run wrote tags of an instance; what they were before it. */
  readonly onTag?: (tag: OwnTag, story: Story) => string | undefined;
}
