import { expect, test } from 'vitest';
import { haproxyWeight, parseWeight } from '../../lambda/reconcile/weight.ts';

test.each([
  ['0', 0],
  ['1', 1],
  [' 10 ', 10],
  ['65535', 65_535],
  ['65536', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['', undefined],
  ['heavy', undefined],
  ['0%', 0],
  ['50%', 32_768],
  ['50 %', 32_768],
  ['12.5%', 8192],
  ['0.000001%', 1],
  ['100%', 65_535],
  ['101%', undefined],
  ['-5%', undefined],
  ['%', undefined],
])('parseWeight() reads %j as %j', (raw, weight) => {
  expect(parseWeight(raw)).toBe(weight);
});

// Measured on HAProxy 2.6, 2.8, 3.2 and 3.4.
test.each([
  [0, 0],
  [1, 1],
  [100, 1],
  [255, 1],
  [256, 1],
  [257, 2],
  [512, 2],
  [1000, 4],
  [65_280, 255],
  [65_281, 256],
  [65_535, 256],
])('haproxyWeight() makes of SRV weight %i what HAProxy makes of it: %i', (weight, effective) => {
  expect(haproxyWeight(weight)).toBe(effective);
});
