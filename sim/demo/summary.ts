import { clockText } from './clockText.ts';
import { counted } from './counted.ts';
import type { Evidence } from './expectations.ts';
import { operatorPrincipal } from './operator.ts';
import type { Page } from './page.ts';

/** How long it took: on the world's clock, and on the machine's. */
export interface Durations {
  readonly virtualSeconds: number;
  readonly realSeconds: number;
}

const callsPerLine = 2;
const nameColumns = 42;
const countColumns = 5;

/** Prints what the function did in all: its calls by API, its invocations and the time that passed. */
export function printSummary(page: Page, { world, deployment }: Evidence, durations: Durations): void {
  const names = deployment.calls
    .filter(({ principal }) => principal !== operatorPrincipal)
    .map(({ service, action }) => `${service}:${action}`)
    .toSorted();
  const counts = [...Map.groupBy(names, (name) => name)].map(
    ([name, same]) => `${String(same.length).padStart(countColumns)}  ${name.padEnd(nameColumns)}`,
  );
  for (let index = 0; index < counts.length; index += callsPerLine) {
    page.line(
      counts
        .slice(index, index + callsPerLine)
        .join('')
        .trimEnd(),
    );
  }
  page.line();
  const { invocations } = deployment;
  page.line(
    `${counted(names.length, 'call')} in ${counted(invocations.length, 'invocation')}; ${counted(world.route53.writes.length, 'record write')}; ${clockText(durations.virtualSeconds)} on the world's clock in ${durations.realSeconds.toFixed(1)} s`,
  );
}
