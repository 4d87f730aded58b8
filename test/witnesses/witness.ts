import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where `test/witnesses/install` puts each program that was not written here. */
const programs = {
  aws: '/usr/bin/aws',
  'cfn-lint': '.witnesses/python/bin/cfn-lint',
  'event-ruler': '.witnesses/event-ruler/event-ruler-2.1.0.jar',
  MiniStack: '.witnesses/python/bin/python',
  moto: '.witnesses/python/bin/moto_server',
  'named-checkzone': '/usr/bin/named-checkzone',
  parliament: '.witnesses/python/bin/parliament',
} as const;

/** A program by others that confirms or denies what ours says. */
export type Witness = keyof typeof programs;

/** The absolute path of a witness. A witness that is not there is an error that names it: a check that did not run is not a pass. */
export function witnessPath(witness: Witness): string {
  const path = resolve(programs[witness]);
  if (!existsSync(path)) {
    throw new Error(
      `Cannot ask the witness "${witness}": must be installed by "bash test/witnesses/install": found nothing at ${path}`,
    );
  }
  return path;
}
