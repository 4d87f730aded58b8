import { describe, expect, test } from 'vitest';
import { matchesEventPattern } from '../../sim/eventPattern.ts';
import { eventPatterns, patternedEvent, refusedEventPatterns } from '../eventPatterns.ts';

describe('matchesEventPattern()', () => {
  test.each(eventPatterns)('compares %s', (_, pattern, matches) => {
    expect(matchesEventPattern(pattern, patternedEvent)).toBe(matches);
  });

  test.each(refusedEventPatterns)('refuses a pattern of %s', (_, pattern) => {
    expect(() => matchesEventPattern(pattern, patternedEvent)).toThrow(
      expect.objectContaining({ name: 'InvalidEventPatternException' }),
    );
  });

  // EventBridge takes these, and does with them what nobody would expect.
  test.each([
    ['a field beside its alternatives', { source: ['aws.tag'], $or: [{ source: ['aws.ec2'] }, { id: ['1'] }] }],
    ['one beside alternatives of alternatives', { id: ['1'], $or: [{ a: [1] }, { $or: [{ b: [1] }, { id: ['2'] }] }] }],
    ['anything but one of nothing', { source: [{ 'anything-but': { prefix: [] } }] }],
  ])('knows nothing of a pattern of %s', (_, pattern) => {
    expect(() => matchesEventPattern(pattern, patternedEvent)).toThrow('is not supported here');
  });
});
