import { pathToFileURL } from 'node:url';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { startLedger } from './child-ledger.js';
import { consumes, metricsOf, onKafka, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, inTurns, KafkaLoad } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { cleanUp, temporaryFolder } from './program.js';
import { expectSoundPublication } from './publication-proof.js';
import { commandsOf } from './sent-command.js';
import type { PublicationPoint } from './stop-in-publication.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

/** Of a ledger that gets a signal where it publishes: see stop-in-publication.ts. */
const stoppedAt = (point: PublicationPoint, count: number, signal: string) => ({
  STOP_IN_PUBLICATION: `${point} ${count} ${signal}`,
  NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${pathToFileURL('test/journeys/stop-in-publication.ts').href}`,
});

describeWithKafka('a ledger that publishes under load', () => {
  let address: string;
  let prefix: string;
  let folder: string;
  let load: KafkaLoad;

  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    folder = temporaryFolder();
  });

  /** A ledger that gets a signal where it publishes; commands are sent as soon as it takes them. */
  const beginWith = async (seed: number, ...where: Parameters<typeof stoppedAt>) => {
    const ledger = await startLedger(folder, {
      ...onKafka(address, prefix),
      ...stoppedAt(...where),
    });
    await consumes(ledger);
    const commands = inTurns(commandsOf(seed, { authorizations: 10, each: 40 }));
    load = new KafkaLoad(address, prefix, commands);
    await load.open();
    const sent = load.send(commands);
    await ledger.program.says(/stopped \S+/);
    return { ...ledger, sent };
  };

  it.each<[string, PublicationPoint]>([
    ['with views that are kept and not published', 'before-send'],
    ['in the transaction, with all of it sent', 'before-commit'],
    ['after the commit, before it knows', 'after-commit'],
  ])('and is killed %s publishes each event once, and every view', async (_sentence, point) => {
    const { program, sent } = await beginWith(84, point, 3, 'SIGKILL');
    await expect(program.ended()).resolves.toBe('SIGKILL');

    await startKafkaLedger(folder, address, prefix);
    await sent;
    await load.answered();
    await expectSoundPublication(address, prefix, await logIn(folder));
  });

  it('and sleeps in a transaction until another has taken over commits nothing of it', async () => {
    const { program, sent } = await beginWith(85, 'before-commit', 3, 'SIGSTOP');
    const other = await startKafkaLedger(folder, address, prefix);
    await until('the other publishes', async () => isPublishing(other.url));
    program.kill('SIGCONT');
    await sent;
    await load.answered();
    await expectSoundPublication(address, prefix, await logIn(folder));
  });
});

/** Only the process that publishes tells how far it is. */
const isPublishing = async (url: string): Promise<boolean> => {
  const metrics = await metricsOf(url);
  return /^ledger_publication_position /m.test(metrics);
};
