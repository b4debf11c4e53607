import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/browser/**', 'test/infra/**', 'test/package/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          // CloudFormation's own rules take seconds for each template: one test switches them on.
          env: { CDK_VALIDATION: 'false' },
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // The CDK takes seconds to load: once, for all of them.
          isolate: false,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          env: { CDK_VALIDATION: 'false' },
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // They pack and install, which is bound by the processor and the disk: one at a time, after everything else.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
          // Loading the AWS clients anew for every file would take longer than many of the tests.
          isolate: false,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          // After the unit tests: both are bound by the processor, and these wait on a clock.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
