import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Template } from '../../sim/deployment/template.ts';
import { lintPolicy } from './lintPolicy.ts';
import { lintTemplate } from './lintTemplate.ts';
import { synthesizedTemplate, synthesizedTemplatePath } from './synthesizedTemplate.ts';

const templateText = readFileSync(synthesizedTemplatePath, 'utf8');

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asg-srv-template-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('cfn-lint', () => {
  /** What it finds and what stays, with the reason. */
  const acknowledged = [
    {
      rule: 'W3005',
      resource: 'SyncFunction878007FF',
      reason: 'CDK names the role beside the role’s policy, which must be there first and which nothing else refers to',
    },
    {
      rule: 'W3005',
      resource: 'AWS679f53fac002430cb0da5b7982bd22872D164C4C',
      reason: 'The same of CDK’s own function behind the tags of existing groups',
    },
  ];

  test('finds nothing in the synthesized template but what is acknowledged, and all of that', () => {
    const name = ({ rule, resource }: { readonly rule: string; readonly resource: string }): string =>
      `${rule} ${resource}`;
    expect(lintTemplate(synthesizedTemplatePath).map(name).toSorted()).toEqual(acknowledged.map(name).toSorted());
  });

  test.each([
    ['a runtime that Lambda never had', 'nodejs24.x', 'nodejs25.x', 'E3030'],
    ['an attribute that the resource has not', '"Arn"', '"Arm"', 'E1010'],
    ['a misspelt property', '"VisibilityTimeout"', '"VisibilityTimeOut"', 'E3002'],
    ['a dead-letter queue that is not there', '"SyncDeadLetterQueue9F47D1DF": {', '"Other": {', 'E1010'],
  ])('finds %s in a copy of it', (_, right, wrong, rule) => {
    expect(templateText).toContain(right);
    const path = join(folder, 'template.json');
    writeFileSync(path, templateText.replaceAll(right, wrong));
    expect(lintTemplate(path).map((finding) => finding.rule)).toContain(rule);
  });
});

describe('parliament', () => {
  const policies = policiesOf(synthesizedTemplate());

  test('is asked about the policy of every role of the template', () => {
    expect([...policies.keys()].toSorted()).toEqual([
      'GroupsapiSrvTagsCustomResourcePolicy9497E0B3',
      'GroupswebblueSrvTagsCustomResourcePolicy512DEF82',
      'GroupswebgreenSrvTagsCustomResourcePolicy23DC674B',
      'SyncRoleDefaultPolicyC92F0522',
    ]);
  });

  test.each([...policies])('finds nothing in %s', (_, document) => {
    expect(lintPolicy(document)).toEqual([]);
  });

  test.each([
    ['an action that there is not', 'route53:GetChange', 'route53:GetChanges', 'UNKNOWN_ACTION'],
    [
      'a resource that the action is not for',
      'arn:aws:route53:::change/',
      'arn:aws:route53:::changes/',
      'RESOURCE_MISMATCH',
    ],
    ['a resource where the action takes none', '"Resource":"*"', '"Resource":"arn:aws:ec2:::*"', 'RESOURCE_MISMATCH'],
    ['a condition key that the action has not', 'aws:TagKeys', 'aws:TagKey', 'UNKNOWN_CONDITION_FOR_ACTION'],
    ['an operator that there is not', 'ForAllValues:StringLike', 'ForAllValues:StringIsLike', 'UNKNOWN_OPERATOR'],
    ['an effect that there is not', '"Effect":"Allow"', '"Effect":"Permit"', 'MALFORMED'],
  ])('finds %s in a copy of the function’s', (_, right, wrong, issue) => {
    const text = JSON.stringify(policies.get('SyncRoleDefaultPolicyC92F0522'));
    expect(text).toContain(right);
    const found = lintPolicy(JSON.parse(text.replaceAll(right, wrong)));
    expect(found.map((finding) => finding.split(':')[0])).toContain(issue);
  });
});

/** The policy documents of a template's identities by logical id, as they are once every intrinsic function is worked out. */
function policiesOf({ resources }: Template): ReadonlyMap<string, unknown> {
  const inlineSchema = z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]);
  return new Map(
    resources.flatMap(({ logicalId, type, properties }): readonly (readonly [string, unknown])[] => {
      switch (type) {
        case 'AWS::IAM::Policy':
          return [[logicalId, properties['PolicyDocument']]];
        case 'AWS::IAM::Role':
          return inlineSchema
            .parse(properties['Policies'])
            .map(({ PolicyName, PolicyDocument }) => [`${logicalId}/${PolicyName}`, PolicyDocument]);
        default:
          return [];
      }
    }),
  );
}
