import { readFileSync } from 'node:fs';
import { parseJson } from '../../sim/deployment/json.ts';
import { readTemplate, type Template } from '../../sim/deployment/template.ts';

/** Where `cdk synth` writes the template of cdk.json's example. */
export const synthesizedTemplatePath = 'cdk.out/AsgSrv.template.json';

/** That template, with every intrinsic function worked out. */
export function synthesizedTemplate(): Template {
  return readTemplate(parseJson(readFileSync(synthesizedTemplatePath, 'utf8')), {
    account: '111122223333',
    region: 'eu-west-1',
    stackName: 'AsgSrv',
    queueUrl: (name) => `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`,
  });
}
