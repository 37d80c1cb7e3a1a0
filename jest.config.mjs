import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.$schema;

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  // The one broker of a run, for the suites that want it.
  globalSetup: '<rootDir>/test/kafka/global-setup.ts',
  globalTeardown: '<rootDir>/test/kafka/global-teardown.ts',
  testEnvironment: 'node',
  // "ledger-source" makes package.json "imports" (#room/file.js) resolve to the TypeScript sources.
  testEnvironmentOptions: { customExportConditions: ['ledger-source', 'node', 'node-addons'] },
  testRegex: String.raw`\.spec\.ts$`,
  extensionsToTreatAsEsm: ['.ts'],
  // TypeScript sources import './x.js': under Jest that file is './x.ts'.
  moduleNameMapper: { [String.raw`^(\.{1,2}/.*)\.js$`]: '$1' },
  transform: { [String.raw`\.ts$`]: ['@swc/jest', { ...swc, sourceMaps: 'inline', swcrc: false }] },
  collectCoverageFrom: ['{apps,libs}/*/src/**/*.ts', '!**/main.ts'],
  coverageProvider: 'v8',
  // Nothing that depends on speed is asserted: on a slow machine a test takes what it takes.
  testTimeout: 120_000,
  // A test that failed half-way may leave a process or a server behind: the run ends all the same.
  forceExit: true,
  // Jest takes cores - 1 workers; ESM modules are never freed inside one worker (about 20 MB a suite).
  maxWorkers: 2,
  workerIdleMemoryLimit: '900MB',
};
