import { AwsError } from '../awsError.ts';
import { History } from '../history.ts';
import type { Group, Member } from './group.ts';
import { GroupView } from './groupView.ts';

/** The groups of one account, what they looked like before, and how the API says that something is not there. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #histories = new Map<string, History<GroupView | undefined>>();

  /** @throws AwsError `AlreadyExists` */
  add(group: Group): void {
    if (this.#groups.has(group.name)) {
      throw new AwsError(
        'AlreadyExists',
        `AutoScalingGroup by this name already exists - A group with the name ${group.name} already exists`,
      );
    }
    this.#groups.set(group.name, group);
  }

  remove(group: Group, now: number): void {
    this.#groups.delete(group.name);
    this.#history(group.name).note(undefined, now);
  }

  /** Notes what the group looks like from this instant (epoch milliseconds) on. */
  note(group: Group, now: number): void {
    this.#history(group.name).note(new GroupView(group), now);
  }

  /** The groups as they were at that instant, by name; as they are where none is given. */
  views(instant: number | undefined): readonly GroupView[] {
    const views = this.#histories
      .values()
      .map((history) => (instant === undefined ? history.latest : history.at(instant)))
      .filter((view) => view !== undefined);
    return [...views].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** @throws AwsError `ValidationError`, `AutoScalingGroup name not found - …` */
  group(name: string | undefined): Group {
    const group = this.#groups.get(name ?? '');
    if (group === undefined) {
      throw new AwsError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
    }
    return group;
  }

  /** The member of that id with its group, if it is any group's. */
  find(instanceId: string | undefined): { readonly group: Group; readonly member: Member } | undefined {
    for (const group of this.#groups.values()) {
      const member = group.members.find((one) => one.instanceId === instanceId);
      if (member !== undefined) {
        return { group, member };
      }
    }
    return undefined;
  }

  /** @throws AwsError `ValidationError` if no group has the instance */
  managed(instanceId: string | undefined): { readonly group: Group; readonly member: Member } {
    const found = this.find(instanceId);
    if (found === undefined) {
      throw new AwsError(
        'ValidationError',
        `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
      );
    }
    return found;
  }

  #history(name: string): History<GroupView | undefined> {
    const known = this.#histories.get(name);
    if (known !== undefined) {
      return known;
    }
    const history = new History<GroupView | undefined>();
    this.#histories.set(name, history);
    return history;
  }
}
