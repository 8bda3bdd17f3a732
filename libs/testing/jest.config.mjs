import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** One configuration for every suite; `src/run.ts` chooses the files by suffix. */
export default {
  rootDir: root,
  roots: ['<rootDir>/apps', '<rootDir>/libs'],
  testMatch: ['**/src/**/*.{test,contract,e2e}.ts'],
  testEnvironment: 'node',
  injectGlobals: false,
  extensionsToTreatAsEsm: ['.ts'],
  // `js` stands before `mjs`: the `main` of graphql has no extension, and its two builds must not both be loaded.
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': '<rootDir>/libs/testing/src/jest-strip-types.cjs' },
  reporters: ['default', '<rootDir>/libs/testing/src/jest-totals.mjs'],
  cacheDirectory: '<rootDir>/.courtside/jest',
  watchman: false,
  // Two where there are two cores: one waits for Postgres or a child process most of the time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Also keeps jest from running a single file in its own process, where an endless loop could not be ended.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 20_000,
}
