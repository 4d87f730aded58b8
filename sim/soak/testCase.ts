import { inspect } from 'node:util';
import type { Violation } from '../scenario/verdict.ts';
import { oneLine } from './oneLine.ts';

const columnsMax = 110;

/** A test case to paste: the scenario of a seed, and that the property it broke holds in it. */
export function testCase(seed: number, scenario: unknown, { property, text }: Violation): string {
  // Through JSON, as objects of fast-check may have no prototype, which a literal cannot show.
  const plain: unknown = JSON.parse(JSON.stringify(scenario));
  const literal = inspect(plain, {
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    breakLength: columnsMax,
  });
  return `// ${oneLine(text)}
test('runScenario() finds that ${property} holds in what is left of seed ${seed}', async () => {
  const scenario: Scenario = ${literal.replaceAll('\n', '\n  ')};
  expect((await runScenario(scenario)).violation).toBeUndefined();
});`;
}
