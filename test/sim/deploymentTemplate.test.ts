import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../sim/deployment/json.ts';
import { queueType, resourcesOf } from '../../sim/deployment/resources.ts';
import { readTemplate } from '../../sim/deployment/template.ts';

const place = {
  account: '111122223333',
  region: 'eu-west-1',
  stackName: 'AsgSrv',
  queueUrl: (name: string) => `http://127.0.0.1/111122223333/${name}`,
};

const sections: JsonObject = {
  Parameters: { Stage: { Type: 'String', Default: 'test' } },
  Conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
    IsEither: { 'Fn::Or': [{ Condition: 'IsLive' }, { Condition: 'IsTest' }] },
    IsBoth: { 'Fn::And': [{ Condition: 'IsLive' }, { Condition: 'IsTest' }] },
  },
};

function resolved(value: Json): Json | undefined {
  const { resources } = readTemplate(
    {
      ...sections,
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue' } },
        Value: { Type: 'AWS::CDK::Metadata', Properties: { value } },
      },
    },
    place,
  );
  return resources.find(({ logicalId }) => logicalId === 'Value')?.properties['value'];
}

describe('readTemplate()', () => {
  test.each<[value: Json, expected: Json | undefined]>([
    ['text', 'text'],
    [{ a: [1, true, null] }, { a: [1, true, null] }],
    [{ Ref: 'AWS::AccountId' }, '111122223333'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::StackName' }, 'AsgSrv'],
    [{ Ref: 'Stage' }, 'test'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1/111122223333/queue'],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [[{ Ref: 'AWS::NoValue' }, 'a'], ['a']],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-west-1:111122223333:queue'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'queue'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Stage' }, 'b']] }, 'a/test/b'],
    [
      { 'Fn::Sub': ['$', '{AWS::Region}-$', '{Queue.QueueName}-$', '{!Literal}'].join('') },
      ['eu-west-1-queue-$', '{Literal}'].join(''),
    ],
    [{ 'Fn::Sub': [['$', '{Own}/$', '{Stage}'].join(''), { Own: { Ref: 'AWS::StackName' } }] }, 'AsgSrv/test'],
    [{ 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [{ 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['IsLive', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    [{ 'Fn::If': ['IsEither', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['IsBoth', 'yes', 'no'] }, 'no'],
  ])('resolves %j to %j', (value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each<[value: Json, message: string]>([
    [{ Ref: 'Nobody' }, 'Cannot resolve Ref "Nobody"'],
    [{ 'Fn::GetAtt': ['Queue', 'Nothing'] }, 'Cannot resolve Fn::GetAtt "Queue.Nothing"'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'Cannot resolve Fn::GetAtt "Nobody.Arn"'],
    [{ 'Fn::ImportValue': 'x' }, 'Cannot resolve intrinsic function "Fn::ImportValue"'],
    [{ 'Fn::Select': [7, ['a']] }, 'Cannot resolve Fn::Select: there is no item 7'],
    [{ 'Fn::If': ['Nothing', 1, 2] }, 'Cannot resolve condition "Nothing"'],
    [{ 'Fn::Join': ['', [{ a: 1 }]] }, 'Cannot resolve Fn::Join: a string is needed'],
  ])('refuses %j', (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  test('names a resource type that the small AWS does not know', () => {
    const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    expect(() => readTemplate(template, place)).toThrow(
      'Cannot deploy resource "Topic": the small AWS knows no resource type "AWS::SNS::Topic"',
    );
  });

  test('names a section that it does not know', () => {
    expect(() => readTemplate({ Resources: {}, Mappings: {} }, place)).toThrow('Mappings');
  });

  test('leaves out a resource whose condition does not hold, until a parameter makes it hold', () => {
    const template = { ...sections, Resources: { Queue: { Type: 'AWS::SQS::Queue', Condition: 'IsLive' } } };
    expect(readTemplate(template, place).resources).toEqual([]);
    expect(readTemplate(template, place, { Stage: 'live' }).resources).toHaveLength(1);
  });

  test('gives a nameless resource a name of its stack and logical id that fits the service', () => {
    const logicalId = 'Q'.repeat(90);
    const [queue] = readTemplate({ Resources: { [logicalId]: { Type: 'AWS::SQS::Queue' } } }, place).resources;
    expect(queue?.identity.name).toMatch(/^AsgSrv-Q+-[0-9A-F]{12}$/);
    expect(queue?.identity.name).toHaveLength(80);
  });
});

describe('resourcesOf()', () => {
  test('names the resource and the property that the small AWS does not act on', () => {
    const template = readTemplate(
      { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } } },
      place,
    );
    expect(() => resourcesOf(template, queueType)).toThrow(
      /^Cannot deploy resource "Queue" of type "AWS::SQS::Queue": .*"FifoQueue"/,
    );
  });

  test('reads numbers and booleans that are written as text', () => {
    const properties = { VisibilityTimeout: '361', SqsManagedSseEnabled: 'true' };
    const template = readTemplate({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: properties } } }, place);
    expect(resourcesOf(template, queueType)[0]?.properties).toEqual({
      VisibilityTimeout: 361,
      SqsManagedSseEnabled: true,
    });
  });
});
