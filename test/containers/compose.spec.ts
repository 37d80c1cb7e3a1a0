import { existsSync, readFileSync } from 'node:fs';
import { settings } from '#runtime/settings.js';
import { readConfiguration } from '#runtime/configuration.js';
import { STOP_WITHIN_MS } from '#runtime/lifecycle.js';
import { KAFKA_VERSION } from '../../tools/kafka/jars.js';
import { brokerSettings } from '../../tools/kafka/node-plan.js';
import {
  compose,
  environmentOf,
  isOneShot,
  listenersOf,
  ours,
  running,
  service,
  services,
} from './compose.js';
import { finalStage, imageEnvironment, textOf } from './dockerfile.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const configurationOf = (name: string) =>
  readConfiguration({ ...imageEnvironment, ...environmentOf(name) });

/** Seconds: `15s`. */
const secondsOf = (text: string | undefined): number =>
  Number(/^(\d+)s$/.exec(text ?? '')?.[1] ?? NaN);

const portOf = (address: string | undefined): string | undefined => address?.split(':')[1];

/** Whom a service waits for. */
const needsOf = (name: string): readonly string[] => Object.keys(service(name).depends_on!);

const nameOf = ([name]: readonly [string, unknown]): string => name;

describe('docker-compose.yml', () => {
  it('has a broker, its topics, the ledger and a processor, and a UI for who asks for it', () => {
    expect(services.map(nameOf)).toEqual([
      'kafka',
      'topics',
      'capture-ledger',
      'sandbox-connector',
      'kafka-ui',
    ]);
    const asked = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(asked.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['kafka-ui', ['tools']],
    ]);
  });

  it('pins every image, the broker as `npm run kafka` does, ours to this release', () => {
    expect(service('kafka').image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    for (const [, { image }] of services) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(ours.map(nameOf)).toEqual(['topics', 'capture-ledger', 'sandbox-connector']);
    for (const [, { image, build }] of ours) {
      expect({ image, build }).toEqual({ image: `capture-ledger:${version}`, build: '.' });
    }
  });

  it('starts programs that there are', () => {
    for (const [, { command = [] }] of ours) {
      if (command.length === 0) continue;
      const source = command[0]!.replace(/^dist\//, '').replace(/\.js$/, '.ts');
      expect(existsSync(source) ? source : `${source} is not there`).toBe(source);
    }
  });

  it('publishes ports on this machine alone, and none of the ledger, which listens on its own loopback', () => {
    const ports = services.flatMap(([name, { ports: of = [] }]) => of.map((port) => [name, port]));
    expect(ports).toEqual([
      ['kafka', '127.0.0.1:9092:9092'],
      ['kafka-ui', '127.0.0.1:8090:8080'],
    ]);
    expect(configurationOf('capture-ledger').http.host).toBe('127.0.0.1');
    const [, , inside] = service('kafka-ui').ports![0]!.split(':');
    expect(service('kafka-ui').healthcheck?.test?.join(' ')).toContain(`//localhost:${inside}/`);
  });
});

describe('what the containers are told', () => {
  it('are settings of the ledger, with values that it takes', () => {
    for (const [name] of ours) {
      const told = Object.keys({ ...imageEnvironment, ...environmentOf(name) });
      expect(told.filter((setting) => !Object.hasOwn(settings.shape, setting))).toEqual([]);
      expect(configurationOf(name).kafka).toMatchObject({ topicPrefix: '', createTopics: false });
    }
  });

  it('names the broker as it advertises itself to containers', () => {
    const inside = listenersOf('KAFKA_ADVERTISED_LISTENERS').get('INTERNAL')!;
    expect(inside.split(':')[0]).toBe('kafka');
    for (const [name] of ours) expect(configurationOf(name).kafka?.brokers).toEqual([inside]);
    expect(environmentOf('kafka-ui')['KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS']).toBe(inside);
    expect(service('kafka').healthcheck?.test?.join(' ')).toContain(
      `--bootstrap-server ${inside} `,
    );
  });

  it('lets the broker listen where it advertises itself, for this machine on the published port', () => {
    const listening = listenersOf('KAFKA_LISTENERS');
    const advertised = listenersOf('KAFKA_ADVERTISED_LISTENERS');
    for (const [name, address] of advertised) {
      expect(portOf(address)).toBe(portOf(listening.get(name)));
    }
    const [, published, inside] = service('kafka').ports![0]!.split(':');
    expect(advertised.get('HOST')).toBe(`localhost:${published}`);
    expect(listening.get('HOST')).toBe(`:${inside}`);
    expect([...listenersOf('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP').keys()].toSorted()).toEqual(
      [...listening.keys()].toSorted(),
    );
    const { KAFKA_CONTROLLER_QUORUM_VOTERS: voters, KAFKA_NODE_ID: id } = environmentOf('kafka');
    expect(voters).toBe(`${id}@kafka${listening.get('CONTROLLER')}`);
    expect(listening.has(environmentOf('kafka')['KAFKA_INTER_BROKER_LISTENER_NAME']!)).toBe(true);
  });

  it('gives the broker what one broker alone must be told, as `npm run kafka` does', () => {
    const must =
      /^(process\.roles|controller\.listener\.names|auto\.create.*|.*replication\.factor|.*min\.(isr|insync\.replicas))$/;
    const wanted = Object.entries(brokerSettings(1))
      .filter(([name]) => must.test(name))
      .map(([name, value]) => [`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`, value]);
    expect(wanted).toHaveLength(10);
    expect(environmentOf('kafka')).toMatchObject(Object.fromEntries(wanted));
  });

  it('lets nobody write to Kafka by the UI', () => {
    expect(environmentOf('kafka-ui')['KAFKA_CLUSTERS_0_READONLY']).toBe('true');
  });
});

describe('how the containers live', () => {
  it('asks whoever stays whether it is well, and waits for nobody who cannot say so', () => {
    expect(services.map(nameOf).filter(isOneShot)).toEqual(['topics']);
    expect(service('topics').healthcheck).toEqual({ disable: true });
    for (const [name, { build, command, healthcheck }] of running) {
      const asked =
        build !== undefined && command === undefined
          ? [textOf(finalStage, 'HEALTHCHECK')]
          : healthcheck?.test;
      expect(asked ?? `${name} is not asked`).toEqual(expect.arrayContaining([expect.anything()]));
    }
    for (const [, { depends_on: needs = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needs)) {
        expect(condition).toBe(
          isOneShot(name) ? 'service_completed_successfully' : 'service_healthy',
        );
      }
    }
  });

  it('starts the ledger when the topics are made, and these when there is a broker', () => {
    expect(needsOf('topics')).toEqual(['kafka']);
    expect(needsOf('capture-ledger')).toEqual(['topics']);
    expect(needsOf('sandbox-connector')).toEqual(['topics']);
    expect(needsOf('kafka-ui')).toEqual(['kafka']);
  });

  it('gives ours more time to stop than they give themselves', () => {
    for (const [, { init }] of ours) expect(init).toBe(true);
    const staying = running.filter(([, { build }]) => build !== undefined);
    expect(staying).toHaveLength(2);
    for (const [, { stop_grace_period: grace }] of staying) {
      expect(secondsOf(grace) * 1_000).toBeGreaterThan(STOP_WITHIN_MS);
    }
  });

  it('keeps the store and the records in volumes with a name', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    expect(mounts).toEqual([
      `kafka-data:${environmentOf('kafka')['KAFKA_LOG_DIRS']}`,
      `ledger-store:${textOf(finalStage, 'VOLUME')}`,
    ]);
    expect(Object.keys(compose.volumes)).toEqual(mounts.map((mount) => mount.split(':')[0]));
    expect(configurationOf('capture-ledger').store).toBe(textOf(finalStage, 'VOLUME'));
  });

  it('starts again what has ended, and never fills the disk with logs', () => {
    for (const [, { restart }] of running) expect(restart).toBe('unless-stopped');
    for (const [, { logging }] of services) {
      expect(logging).toEqual({
        driver: 'json-file',
        options: { 'max-size': '10m', 'max-file': '3' },
      });
    }
  });
});
