import { weightAsked } from '../scenario/weightAsked.ts';
import type { Milliseconds } from '../world.ts';

/** What an instance's tags ask for. */
export type Asked = 'nothing' | 'weight' | 'zero' | 'none' | 'unreadable';

/** One instance as it truly is, whatever reads say. */
export class HostStory {
  readonly instanceId: string;
  readonly addresses = new Set<string>();
  group = '';
  /** It has been a member of more than one group: its weight may be that of an earlier one. */
  hasMoved = false;
  lifecycleState = '';
  instanceState = 'pending';
  asked: Asked = 'nothing';
  /** When a hand last took it out by its tags, or took that back. */
  handTookOutAt: Milliseconds | undefined;
  /** A hand wrote the tag that ends its drain. */
  isDrainTagged = false;
  /** When a hand last wrote its tags. */
  askedAt: Milliseconds | undefined;
  /** When it last was in standby, or on its way there. */
  restedAt: Milliseconds | undefined;
  /** How often its tags have changed. */
  tagChanges = 0;
  /** Its tag `srv_weight`, as it is. */
  weightTag: string | undefined;
  interrupted = false;
  /** When it began its present life in a group. */
  lifeBeganAt: Milliseconds;
  /** When it began to leave, in its present life. */
  leftAt: Milliseconds | undefined;
  /** Since when it is in service; undefined while it is not. */
  inServiceSince: Milliseconds | undefined;
  /** Since when the hook that it waits for has held it. */
  waitsSince: Milliseconds | undefined;
  #unservedAt: Milliseconds;

  constructor(instanceId: string, now: Milliseconds) {
    this.instanceId = instanceId;
    this.lifeBeganAt = now;
    this.#unservedAt = now;
  }

  /** Its instance runs, or is about to. */
  get lives(): boolean {
    return this.instanceState === 'pending' || this.instanceState === 'running';
  }

  /** Auto Scaling has it in service or on its way there, it lives, and nobody asked for less. */
  get serves(): boolean {
    return (
      ['Pending', 'Pending:Wait', 'Pending:Proceed', 'InService'].includes(this.lifecycleState) &&
      this.lives &&
      !this.interrupted &&
      this.asked !== 'zero' &&
      this.asked !== 'none'
    );
  }

  /** Has it served without a break since that instant? */
  hasServedSince(instant: Milliseconds): boolean {
    return this.serves && this.#unservedAt < instant;
  }

  /** A hand has written its tags. */
  handWrote(tags: ReadonlyMap<string, string> | undefined, now: Milliseconds): void {
    const wasOut = this.asked === 'none';
    this.change(now, () => {
      this.askedAt = now;
      this.followTags(tags);
      this.handTookOutAt = wasOut || this.asked === 'none' ? now : this.handTookOutAt;
    });
  }

  /** Takes over what its tags ask for now. */
  followTags(tags: ReadonlyMap<string, string> | undefined): void {
    const text = tags?.get('srv_weight');
    const weight = weightAsked(text ?? '');
    if (text === undefined) {
      this.asked = tags?.has('ip_address') === true ? 'none' : 'nothing';
    } else if (weight !== undefined) {
      this.asked = weight === 0 ? 'zero' : 'weight';
    } else if (this.asked !== 'zero') {
      // After what cannot be read the last good weight stays: a 0, too.
      this.asked = 'unreadable';
    }
  }

  /** Follows a change of it. */
  change(now: Milliseconds, change: () => void): void {
    const wasUnserved = !this.serves;
    change();
    const isUnserved = !this.serves;
    if (wasUnserved || isUnserved) {
      this.#unservedAt = now;
    }
  }

  enterLifecycleState(state: string, now: Milliseconds): void {
    this.change(now, () => {
      const wasPending = this.lifecycleState.startsWith('Pending');
      if (/Standby/.test(this.lifecycleState)) {
        this.restedAt = now;
      }
      this.lifecycleState = state;
      if (state === 'Pending' && !wasPending) {
        this.lifeBeganAt = now;
        this.leftAt = undefined;
      }
      if (/^(Warmed:)?Terminating|^Terminated|^Detach|:Retained$|^Warmed:/.test(state)) {
        this.leftAt ??= now;
      }
      this.inServiceSince = state === 'InService' ? now : undefined;
      this.waitsSince = state.endsWith(':Wait') ? now : undefined;
    });
  }

  enterInstanceState(state: string, now: Milliseconds): void {
    this.change(now, () => {
      this.instanceState = state;
      if (!this.lives) {
        this.leftAt ??= now;
      }
    });
  }
}
