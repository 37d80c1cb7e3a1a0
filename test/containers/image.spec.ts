import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../tools/kafka/ports.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { environmentOf, service } from './compose.js';
import { execForm, finalStage, textOf } from './dockerfile.js';
import { Container, endContainers, playDockerfile, startContainer } from './image.js';
import type { Image } from './image.js';

// The build runs, and whole programs are started and ended.
jest.setTimeout(180_000);

let image: Image;
let store: string;

beforeAll(() => {
  image = playDockerfile();
});

afterAll(() => image.remove());

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'ledger-volume-'));
});

afterEach(async () => {
  await endContainers();
  rmSync(store, { recursive: true, force: true });
});

const imageHealthCheck = execForm(textOf(finalStage, 'HEALTHCHECK'));

/** The exit code of a health check, run beside the program that it is about. */
const checked = (command: readonly string[], environment: Readonly<Record<string, string>>) =>
  new Container(image, command, environment).ended();

/** What docker-compose.yml tells it, but where the broker, the store and the port are. */
const toldHere = async (
  name: string,
  prefix: string,
  port = 0,
): Promise<Readonly<Record<string, string>>> => ({
  ...environmentOf(name),
  KAFKA_BROKERS: await sharedBroker(),
  LEDGER_KAFKA_TOPIC_PREFIX: prefix,
  LEDGER_KAFKA_PARTITIONS: '3',
  LEDGER_STORE: store,
  LEDGER_HTTP_PORT: `${port}`,
});

describe('the image, played on this machine', () => {
  it('is healthy while the ledger is ready, and stops on SIGTERM', async () => {
    const [port] = await freePorts(1);
    const environment = { LEDGER_STORE: store, LEDGER_HTTP_PORT: `${port}` };
    await expect(checked(imageHealthCheck, environment)).resolves.toBe(1);

    const ledger = startContainer(image, undefined, environment);
    await ledger.says(/^Capture Ledger listens on /);
    await expect(checked(imageHealthCheck, environment)).resolves.toBe(0);

    ledger.kill('SIGTERM');
    await expect(ledger.ended()).resolves.toBe(0);
    await expect(checked(imageHealthCheck, environment)).resolves.toBe(1);
  });
});

describeWithKafka('the services of docker-compose.yml, played on this machine', () => {
  it('makes the topics, starts the ledger on them, and the connector, which is healthy as a member', async () => {
    const prefix = uniquePrefix();
    const topics = startContainer(
      image,
      service('topics').command,
      await toldHere('topics', prefix),
    );
    await expect(topics.ended()).resolves.toBe(0);
    expect(topics.stdout).toMatch(/All is as wanted\.\n$/);

    const [port] = await freePorts(1);
    const told = await toldHere('capture-ledger', prefix, port);
    const ledger = startContainer(image, service('capture-ledger').command, told);
    await ledger.says(/^Capture Ledger listens on .* commands: HTTP, Kafka on /);
    await until('the ledger takes commands', async () => {
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready/kafka`);
      return ready.status === 200;
    });

    const { command, healthcheck } = service('sandbox-connector');
    const environment = await toldHere('sandbox-connector', prefix);
    const [form, ...check] = healthcheck!.test!;
    expect(form).toBe('CMD');
    await expect(checked(check, environment)).resolves.toBe(1);
    const connector = startContainer(image, command, environment);
    await connector.says(/^Sandbox connector answers captures on Kafka at /);
    await until('the connector is healthy', async () => (await checked(check, environment)) === 0);

    for (const container of [connector, ledger]) {
      container.kill('SIGTERM');
      await expect(container.ended()).resolves.toBe(0);
    }
    await expect(checked(check, environment)).resolves.toBe(1);
  });
});
