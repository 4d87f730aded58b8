import { tagValues } from './overlay.ts';
import type { Change, Target } from './reconcile/model.ts';
import { haproxyWeight } from './reconcile/weight.ts';

/** One change as one line: what, and why. Weights come with the weight that HAProxy makes of them. */
export function describeChange(change: Change): string {
  const { instanceId, reason } = change;
  switch (change.kind) {
    case 'tag': {
      const set = Object.entries(tagValues(change.set)).map(([key, value]) => `${key}=${value}`);
      const remove = change.remove.map((key) => `-${key}`);
      return `tag ${instanceId} ${[...set, ...remove].join(' ')}: ${reason}`;
    }
    case 'target': {
      const { before, after } = change;
      const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
      return `${sign} ${instanceId} ${describeTargets(before, after)}: ${reason}`;
    }
    case 'complete':
    case 'heartbeat':
      return `${change.kind} ${change.hook} of ${instanceId} in ${change.group}: ${reason}`;
  }
}

function describeTargets(before: Target | undefined, after: Target | undefined): string {
  const text = ({ priority, weight, port }: Target): string =>
    `${priority} ${weight} ${port} (HAProxy ${haproxyWeight(weight)})`;
  return [before, after].flatMap((target) => (target === undefined ? [] : [text(target)])).join(' → ');
}
