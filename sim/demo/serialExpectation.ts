import { serialOf } from './clusterRecord.ts';
import { counted } from './counted.ts';
import type { Evidence, Expectation } from './expectations.ts';

/** Each accepted batch must replace the registry entry by one whose serial is one higher: nothing wrote past it. */
export function serialExpectation({ world: { route53 } }: Evidence): Expectation {
  const steps = route53.writes.map(({ changes }) => ({
    before: serialOf(changes, 'DELETE') ?? 0,
    after: serialOf(changes, 'CREATE') ?? Number.NaN,
  }));
  const wrong = steps.filter(({ before, after }, index) => before !== index || after !== before + 1);
  return {
    text: 'Each accepted write raised the serial by exactly one',
    held: steps.length === 0 ? undefined : wrong.length === 0,
    figures: `${counted(steps.length, 'write')}, serial ${steps.at(-1)?.after ?? 0}`,
  };
}
