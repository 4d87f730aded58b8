import { keptPublications } from './keptPublications.ts';
import type { Progress } from './planned.ts';
import type { WakeUpMessage } from './ports.ts';
import { wakeUpHopSeconds } from './reconcile/limits.ts';
import type { Instant, Plan, WakeUp } from './reconcile/model.ts';
import { encodeWakeUp } from './reconcile/trigger.ts';

/** SQS delays by 15 minutes at most: a longer wait hops. What waits for this pass's write learns its change id here. */
export function wakeUpMessages(plan: Plan, progress: Progress | undefined, now: Instant): readonly WakeUpMessage[] {
  if (plan.kind === 'refuse' || plan.wakeUp === undefined) {
    return [];
  }
  const changeId = progress?.kind === 'done' ? progress.changeId : undefined;
  const written = plan.kind === 'change' ? plan.write?.written : undefined;
  const own =
    changeId === undefined || written === undefined || plan.wakeUp.instances.length === 0
      ? []
      : [{ changeId, written }];
  const wakeUp: WakeUp = {
    ...plan.wakeUp,
    publications: keptPublications([...plan.wakeUp.publications, ...own]),
  };
  const waitSeconds = Math.max(0, Math.ceil(wakeUp.at - now));
  const body = encodeWakeUp(wakeUp, waitSeconds > wakeUpHopSeconds);
  return [{ cluster: plan.cluster, body, delaySeconds: Math.min(waitSeconds, wakeUpHopSeconds) }];
}
