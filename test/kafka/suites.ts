import { jest } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { endOwnBrokers } from './own-broker.js';

/** Milliseconds for one test or hook: the first on a fresh machine fetches the broker. */
const PATIENCE = 300_000;

const means = (process.env['KAFKA_TESTS_MEANS'] ?? '').split(',');

/** A suite that needs the run's one broker: `sharedBroker()`. */
export const describeWithKafka = (name: string, suite: () => void): void => {
  const why =
    means.includes('docker') || means.includes('java')
      ? undefined
      : 'no Docker engine answers, and there is no Java 17 with Maven';
  describeUnless(why, name, suite);
};

/** A suite that starts brokers of its own: `ownBroker()`, `ownCluster()`. They need Java, and go with the suite. */
export const describeWithOwnKafka = (name: string, suite: () => void): void => {
  const why = means.includes('java') ? undefined : 'there is no Java 17 with Maven';
  describeUnless(why, name, () => {
    suite();
    afterAll(endOwnBrokers);
  });
};

const describeUnless = (why: string | undefined, name: string, suite: () => void): void => {
  jest.setTimeout(PATIENCE);
  if (why !== undefined && process.env['CI'] === 'true') {
    describe('a suite that needs Kafka', () => {
      it(`${name}: has a broker to run on`, () => {
        expect(why).toBe('one can be started');
      });
    });
    return;
  }
  if (why !== undefined) tellNotRun(name, why);
  const declare: (title: string, body: () => void) => void =
    why === undefined ? describe : describe.skip;
  declare(name, suite);
};

/** To be told at the end of the run, in one place, by global-teardown.ts. */
export const tellNotRun = (name: string, why: string): void => {
  const file = relative('.', expect.getState().testPath ?? '');
  const notRun = join(process.env['KAFKA_TESTS_FOLDER']!, 'not-run');
  appendFileSync(notRun, `${file}: ${name} (${why})\n`);
};
