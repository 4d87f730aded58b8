import { defineConfig } from 'vitest/config';
import { refuseSkips } from './test/refuseSkips.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/witnesses/**'],
    reporters: ['default', refuseSkips],
    globalSetup: ['test/synthesize.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
