import type { Aws } from './account.ts';
import { type Answer, type Probe, refusal } from './probe.ts';

/** Asks a probe in an account of its own, which the number tells from others. */
export async function askProbe(aws: Aws, probe: Probe, number: number): Promise<Answer> {
  const prefix = `probe${number}-`;
  let answer: Answer;
  const outcome = await refusal(
    probe.ask(aws.account(prefix)).then((given) => {
      answer = given;
    }),
  );
  // A witness may refuse what a question needs first, such as an operation that it does not have.
  return outcome === 'accepted' ? without(prefix, answer) : `not asked: ${outcome}`;
}

function without(prefix: string, answer: Answer): Answer {
  if (typeof answer === 'string') {
    return answer.replaceAll(prefix, '');
  }
  if (typeof answer !== 'object') {
    return answer;
  }
  return isList(answer)
    ? answer.map((item) => without(prefix, item))
    : Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, without(prefix, value)]));
}

function isList(answer: Answer): answer is readonly Answer[] {
  return Array.isArray(answer);
}
