import { defineConfig } from 'vitest/config';
import { refuseSkips } from './test/refuseSkips.ts';

/** The tests that need programs of others: see docs/testing.md. */
export default defineConfig({
  test: {
    include: ['test/witnesses/**/*.test.ts'],
    reporters: ['default', refuseSkips],
    globalSetup: ['test/synthesize.ts'],
    // The deployment mostly waits for emulators: the rest runs beside it.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 240_000,
  },
});
