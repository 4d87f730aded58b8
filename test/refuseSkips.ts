import type { Reporter, TestModule } from 'vitest/node';

/** Fails a run of which a test was skipped, and names it. Only in CI: who runs one test by its name skips the others. */
export const refuseSkips: Reporter = {
  onTestRunEnd: (modules: readonly TestModule[]) => {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (process.env['CI'] === 'true' && skipped.length > 0) {
      process.exitCode = 1;
      process.stderr.write(
        `Cannot pass: in CI no test may be skipped: found ${skipped.length}:\n${skipped.join('\n')}\n`,
      );
    }
  },
};
