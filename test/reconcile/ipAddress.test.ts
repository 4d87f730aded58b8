import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIpAddress } from '../../lambda/reconcile/ipAddress.ts';

test.each([
  ['10.0.0.1', true],
  ['0.0.0.0', true],
  ['255.255.255.255', true],
  ['2001:db8:0:1:0:0:0:4', true],
  ['2001:db8:0:1::4', true],
  ['::', true],
  ['::1', true],
  ['fe80::', true],
  ['', false],
  ['.', false],
  ['beef', false],
  ['1.2.3', false],
  ['1.2.3.4.5', false],
  ['256.0.0.1', false],
  ['01.2.3.4', false],
  ['10.0.0.1.', false],
  ['10.0.0.1 ', false],
  [':::', false],
  ['1::2::3', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1:2:3:4::5:6:7:8', false],
  ['12345::', false],
  ['::ffff:10.0.0.1', false],
])('isIpAddress() of "%s" is %s', (text, expected) => {
  expect(isIpAddress(text)).toBe(expected);
});

test('isIpAddress() judges every text without a dotted IPv6 part as Node.js does', () => {
  const part = fc.constantFrom('0', '1', '255', '256', '00', 'a', 'ffff', '10000', ':', '::', '.', '');
  const text = fc.oneof(
    fc.array(part, { maxLength: 16 }).map((parts) => parts.join('')),
    fc.array(part, { maxLength: 9 }).map((parts) => parts.join(':')),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    fc.ipV4(),
    fc.ipV6().map((address) => address.toLowerCase()),
  );
  fc.assert(
    fc.property(text, (one) => {
      fc.pre(!(one.includes(':') && one.includes('.')));
      expect(isIpAddress(one)).toBe(isIP(one) !== 0);
    }),
    { numRuns: 5000 },
  );
});
