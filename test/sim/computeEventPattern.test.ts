import { describe, expect, test } from 'vitest';
import { matchesEventPattern } from '../../sim/eventPattern.ts';

const event = {
  source: 'aws.tag',
  'detail-type': 'Tag Change on Resource',
  resources: ['arn:aws:ec2:eu-west-1:111122223333:instance/i-1'],
  detail: {
    'changed-tag-keys': ['Name', 'srv_weight'],
    service: 'ec2',
    version: 3,
    empty: null,
    flag: true,
    none: [],
    tags: { srv_weight: '0', path: 'a*b' },
    list: [
      { name: 'x', size: 1 },
      { name: 'y', size: 2 },
    ],
  },
};

describe('matchesEventPattern()', () => {
  test.each([
    ['an exact value', { source: ['aws.tag'] }, true],
    ['one of several values', { source: ['aws.ec2', 'aws.tag'] }, true],
    ['another value', { source: ['aws.ec2'] }, false],
    ['another case', { source: ['AWS.tag'] }, false],
    ['all fields', { source: ['aws.tag'], 'detail-type': ['Tag Change on Resource'] }, true],
    ['all fields but one', { source: ['aws.tag'], 'detail-type': ['Other'] }, false],
    ['an element of an array', { detail: { 'changed-tag-keys': ['ip_address', 'srv_weight'] } }, true],
    ['no element of an array', { detail: { 'changed-tag-keys': ['ip_address'] } }, false],
    ['a nested field', { detail: { tags: { srv_weight: ['0'] } } }, true],
    ['a number', { detail: { version: [3] } }, true],
    ['a number written as text', { detail: { version: ['3'] } }, false],
    ['null', { detail: { empty: [null] } }, true],
    ['null for a missing field', { detail: { missing: [null] } }, false],
    ['a boolean', { detail: { flag: [true] } }, true],
    ['a missing field', { detail: { missing: ['x'] } }, false],
    ['a field name that every object inherits', { detail: { toString: [{ exists: true }] } }, false],
    ['fields of one element', { detail: { list: { name: ['y'], size: [2] } } }, true],
    ['fields of different elements', { detail: { list: { name: ['x'], size: [2] } } }, false],
    ['prefix', { source: [{ prefix: 'aws.' }] }, true],
    ['prefix of something else', { source: [{ prefix: 'tag' }] }, false],
    ['prefix of a number', { detail: { version: [{ prefix: '3' }] } }, false],
    ['prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }, true],
    ['suffix', { source: [{ suffix: '.tag' }] }, true],
    ['suffix in any case', { source: [{ suffix: { 'equals-ignore-case': '.TAG' } }] }, true],
    ['suffix of something else', { source: [{ suffix: 'aws' }] }, false],
    ['any case', { source: [{ 'equals-ignore-case': 'AWS.TAG' }] }, true],
    ['anything but another value', { source: [{ 'anything-but': 'aws.ec2' }] }, true],
    ['anything but this value', { source: [{ 'anything-but': 'aws.tag' }] }, false],
    ['anything but a list', { source: [{ 'anything-but': ['aws.ec2', 'aws.tag'] }] }, false],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['anything but a suffix', { source: [{ 'anything-but': { suffix: '.ec2' } }] }, true],
    ['anything but a wildcard', { source: [{ 'anything-but': { wildcard: '*tag' } }] }, false],
    ['anything but, of a missing field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [
      'anything but one, of an array with others',
      { detail: { 'changed-tag-keys': [{ 'anything-but': 'Name' }] } },
      true,
    ],
    ['a field that exists', { detail: { service: [{ exists: true }] } }, true],
    ['a field that must not exist', { detail: { service: [{ exists: false }] } }, false],
    ['a missing field that must not exist', { detail: { missing: [{ exists: false }] } }, true],
    ['below a missing field', { detail: { missing: { deeper: [{ exists: false }] } } }, true],
    ['an object, which is no leaf', { detail: { tags: [{ exists: true }] } }, false],
    ['an empty array, which has no leaf', { detail: { none: [{ exists: true }] } }, false],
    ['null, which is there', { detail: { empty: [{ exists: true }] } }, true],
    ['numeric equality', { detail: { version: [{ numeric: ['=', 3] }] } }, true],
    ['a numeric range', { detail: { version: [{ numeric: ['>', 2, '<=', 3] }] } }, true],
    ['outside a numeric range', { detail: { version: [{ numeric: ['>=', 0, '<', 3] }] } }, false],
    ['numeric of text', { detail: { tags: { srv_weight: [{ numeric: ['=', 0] }] } } }, false],
    ['a wildcard', { resources: [{ wildcard: '*:instance/i-*' }] }, true],
    ['a wildcard that does not fit', { resources: [{ wildcard: '*:volume/*' }] }, false],
    ['a wildcard in which "?" and "." stand for themselves', { source: [{ wildcard: 'aws?tag' }] }, false],
    ['an escaped star', { detail: { tags: { path: [{ wildcard: 'a\\*b' }] } } }, true],
    ['an escaped star against other text', { source: [{ wildcard: 'aws\\*' }] }, false],
    ['one of two alternatives', { $or: [{ source: ['aws.ec2'] }, { detail: { version: [3] } }] }, true],
    ['no alternative', { $or: [{ source: ['aws.ec2'] }, { detail: { version: [4] } }] }, false],
    [
      'an alternative and another field',
      { source: ['aws.ec2'], $or: [{ detail: { version: [3] } }, { detail: { version: [4] } }] },
      false,
    ],
    ['nested alternatives', { detail: { $or: [{ service: ['s3'] }, { version: [3] }] } }, true],
  ])('compares %s', (_name, pattern, expected) => {
    expect(matchesEventPattern(pattern, event)).toBe(expected);
  });

  test.each([
    ['nothing', {}],
    ['a value outside an array', { source: 'aws.tag' }],
    ['an empty array', { source: [] }],
    ['an empty object', { detail: {} }],
    ['an unknown operator', { source: [{ like: 'aws' }] }],
    ['two operators', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['exists with text', { source: [{ exists: 'true' }] }],
    ['half a range', { detail: { version: [{ numeric: ['>'] }] } }],
    ['an unknown comparison', { detail: { version: [{ numeric: ['!=', 3] }] } }],
    ['two stars', { source: [{ wildcard: 'a**' }] }],
    ['a lone backslash', { source: [{ wildcard: 'a\\b' }] }],
    ['anything but null', { source: [{ 'anything-but': [null] }] }],
    ['one alternative', { $or: [{ source: ['aws.tag'] }] }],
  ])('refuses a pattern of %s', (_name, pattern) => {
    expect(() => matchesEventPattern(pattern, event)).toThrow(
      expect.objectContaining({ name: 'InvalidEventPatternException' }),
    );
  });
});
