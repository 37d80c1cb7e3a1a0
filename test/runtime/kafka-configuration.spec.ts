import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { fc, test } from '@fast-check/jest';
import { ConfigurationError, readConfiguration } from '#runtime/configuration.js';
import type { Environment } from '#runtime/configuration.js';
import { kafkaSettings } from '#runtime/kafka-settings.js';

const LOCAL = { KAFKA_BROKERS: 'localhost:9092' };
const REMOTE = { KAFKA_BROKERS: 'kafka-1.internal:9093,kafka-2.internal:9093' };
const SCRAM = {
  LEDGER_KAFKA_SASL_MECHANISM: 'scram-sha-512',
  LEDGER_KAFKA_SASL_USERNAME: 'capture-ledger',
};

const kafkaOf = (environment: Environment) => readConfiguration(environment).kafka;

const refusalOf = (environment: Environment): string => {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('the environment was accepted');
};

/** Of those that Node knows: whose they are does not matter here. */
const CERTIFICATE = rootCertificates[0]!;
const AUTHORITIES = `Some authorities\n${rootCertificates.slice(0, 3).join('\n')}\n`;
const KEY = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-kafka-configuration-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileWith = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('without KAFKA_BROKERS', () => {
  it.each([{}, { KAFKA_BROKERS: '' }])('there is no Kafka: %j', (environment) =>
    expect(readConfiguration(environment)).not.toHaveProperty('kafka'),
  );

  it.each([{}, { KAFKA_BROKERS: '' }])('nothing else may be said of it: %j', (environment) => {
    const refusal = refusalOf({ ...environment, ...SCRAM, LEDGER_KAFKA_SASL_PASSWORD: 'hunter2' });
    expect(refusal).toContain('in 3 places');
    expect(refusal).toContain(
      '  LEDGER_KAFKA_SASL_USERNAME is "capture-ledger"\n    it says nothing without KAFKA_BROKERS: set it as well, or leave this out',
    );
    expect(refusal).not.toContain('hunter2');
    expect(readConfiguration({ ...environment, LEDGER_KAFKA_TOPIC_PREFIX: '' })).not.toHaveProperty(
      'kafka',
    );
  });

  it.each(['KAFKA_BROKER', 'KAFKA_BROKERS_LIST', 'KAFKA_BROKER_LIST', 'kafka_brokers'])(
    'what was meant to be it is asked about: %s',
    (name) => {
      const refusal = refusalOf({ [name]: 'somewhere:9092' });
      expect(refusal).toContain(`${name} is not a setting`);
      expect(refusal).toContain('did you mean KAFKA_BROKERS?');
      expect(refusal).not.toContain('somewhere');
    },
  );

  it('what Kubernetes tells of a service was not meant to be it', () => {
    const told = {
      KAFKA_BROKER_SERVICE_HOST: '10.0.0.7',
      KAFKA_BROKERS_SERVICE_PORT_CLIENT: '9092',
      KAFKA_BROKER_PORT: 'tcp://10.0.0.7:9092',
      KAFKA_BROKER_PORT_9092_TCP_ADDR: '10.0.0.7',
    };
    expect(readConfiguration(told)).not.toHaveProperty('kafka');
  });

  it('with it, what begins as it does is somebody else’s', () =>
    expect(kafkaOf({ ...LOCAL, KAFKA_BROKER_ID: '1' })?.brokers).toEqual(['localhost:9092']));
});

describe('the configuration of Kafka', () => {
  it('is complete with a broker on this machine alone', () =>
    expect(kafkaOf(LOCAL)).toEqual({
      brokers: ['localhost:9092'],
      topicPrefix: '',
      createTopics: true,
      partitions: 24,
      replyTopics: expect.any(RegExp),
      sessionTimeoutMs: 30_000,
    }));

  it('is what the environment says', () => {
    const ca = fileWith('ca.pem', AUTHORITIES);
    const cert = fileWith('cert.pem', CERTIFICATE);
    const key = fileWith('key.pem', KEY);
    const kafka = kafkaOf({
      ...REMOTE,
      ...SCRAM,
      LEDGER_KAFKA_TOPIC_PREFIX: 'staging.',
      LEDGER_KAFKA_CREATE_TOPICS: 'yes',
      LEDGER_KAFKA_PARTITIONS: '3',
      LEDGER_KAFKA_SESSION_TIMEOUT_MS: '6000',
      LEDGER_KAFKA_REPLY_TOPICS: 'shop',
      LEDGER_KAFKA_TLS: 'yes',
      LEDGER_KAFKA_TLS_CA_FILE: ca,
      LEDGER_KAFKA_TLS_CERT_FILE: cert,
      LEDGER_KAFKA_TLS_KEY_FILE: key,
      LEDGER_KAFKA_SASL_PASSWORD: 'hunter2 ',
    });
    expect(kafka).toEqual({
      brokers: ['kafka-1.internal:9093', 'kafka-2.internal:9093'],
      topicPrefix: 'staging.',
      createTopics: true,
      partitions: 3,
      replyTopics: expect.any(RegExp),
      sessionTimeoutMs: 6_000,
      ssl: { ca: AUTHORITIES, cert: CERTIFICATE, key: KEY },
      sasl: { mechanism: 'scram-sha-512', username: 'capture-ledger', password: 'hunter2 ' },
    });
  });

  it.each([
    ['localhost:9092', true],
    ['127.0.0.1:9092,127.8.9.10:9093', true],
    ['[::1]:9092', true],
    ['localhost:9092,kafka.internal:9092', false],
    ['localhost.example:9092', false],
    ['[::2]:9092', false],
  ])('makes missing topics only where every broker is on this machine: %s, %s', (brokers, made) => {
    const kafka = kafkaOf({ KAFKA_BROKERS: brokers, LEDGER_KAFKA_PLAINTEXT: 'anywhere' });
    expect(kafka?.createTopics).toBe(made);
  });

  it.each([
    ['yes', true],
    ['no', false],
  ])('makes them or not as it is told: %s', (said, made) =>
    expect(kafkaOf({ ...LOCAL, LEDGER_KAFKA_CREATE_TOPICS: said })?.createTopics).toBe(made),
  );

  it('cannot be changed by whoever holds it', () =>
    expect(Object.isFrozen(kafkaOf(LOCAL))).toBe(true));
});

describe('brokers', () => {
  it.each([
    'kafka:1',
    'kafka_1:65535',
    'b-1.msk.eu.example:9094',
    '10.0.0.7:9092',
    '[2001:db8::7]:9',
  ])('are named %s', (brokers) =>
    expect(
      kafkaOf({ KAFKA_BROKERS: brokers, LEDGER_KAFKA_PLAINTEXT: 'anywhere' })?.brokers,
    ).toEqual([brokers]),
  );

  it.each([
    'localhost',
    'localhost:',
    ':9092',
    'localhost:0',
    'localhost:65536',
    'localhost:99999',
    'a:1,',
    'a:1, b:2',
    'a:1;b:2',
    'kafka://a:1',
    'user@a:1',
    'a b:1',
    '-a:1',
    '::1:9092',
    ' a:1',
  ])('are not named %s', (brokers) =>
    expect(refusalOf({ KAFKA_BROKERS: brokers })).toContain('KAFKA_BROKERS is "'),
  );

  it('on another machine are spoken to over TLS, or where the network is trusted', () => {
    const refusal = refusalOf(REMOTE);
    expect(refusal).toContain('in one place');
    expect(refusal).toContain('KAFKA_BROKERS is "kafka-1.internal:9093,kafka-2.internal:9093"');
    expect(refusal).toContain('set LEDGER_KAFKA_TLS=yes, or LEDGER_KAFKA_PLAINTEXT=anywhere');
    expect(kafkaOf({ ...REMOTE, LEDGER_KAFKA_TLS: 'yes' })?.ssl).toEqual({});
    expect(kafkaOf({ ...REMOTE, LEDGER_KAFKA_PLAINTEXT: 'anywhere' })).not.toHaveProperty('ssl');
  });

  it('under the name of a setting of ours are asked for under theirs', () =>
    expect(refusalOf({ LEDGER_KAFKA_BROKERS: 'a:1' })).toContain('did you mean KAFKA_BROKERS?'));
});

const allowed = (pattern: string | undefined, topic: string): boolean | undefined =>
  kafkaOf({
    ...LOCAL,
    ...(pattern !== undefined && { LEDGER_KAFKA_REPLY_TOPICS: pattern }),
  })?.replyTopics.test(topic);

describe('the topics that callers may name', () => {
  it.each([
    ['capture.commands.v1.reply', true],
    ['shop_1.replies', true],
    ['capture.events.v1', false],
    ['capture.answers.v1', false],
    ['shop.reply.archive', false],
    ['.reply', false],
  ])('are those for replies where nothing is said: %s, %s', (topic, is) =>
    expect(allowed(undefined, topic)).toBe(is),
  );

  it.each([
    ['shop', 'shop', true],
    ['shop', 'capture.events.v1-shop', false],
    ['shop', 'shop.x', false],
    ['shop|till', 'till', true],
    ['shop|till', 'shopping', false],
    ['shop|till', 'a.till', false],
    [String.raw`^shop\..+$`, 'shop.1', true],
    ['^$', 'anything', false],
  ])('are named as a whole: by %s is %s, %s', (pattern, topic, is) =>
    expect(allowed(pattern, topic)).toBe(is),
  );

  it.each(['', '(', '[', 'a)(b', 'a{2,1}', 'x'.repeat(1_001)])(
    'are not named by what is no pattern, or by one that takes all unseen: %j',
    (pattern) =>
      expect(refusalOf({ ...LOCAL, LEDGER_KAFKA_REPLY_TOPICS: pattern })).toContain(
        'LEDGER_KAFKA_REPLY_TOPICS is ',
      ),
  );
});

describe('TLS', () => {
  it('says which file cannot be read, and why', () => {
    const path = join(folder, 'absent.pem');
    const refusal = refusalOf({
      ...REMOTE,
      LEDGER_KAFKA_TLS: 'yes',
      LEDGER_KAFKA_TLS_CA_FILE: path,
    });
    expect(refusal).toContain(`LEDGER_KAFKA_TLS_CA_FILE is "${path}"`);
    expect(refusal).toContain('it cannot be read: no such file or directory');
    expect(
      refusalOf({ ...REMOTE, LEDGER_KAFKA_TLS: 'yes', LEDGER_KAFKA_TLS_CA_FILE: folder }),
    ).toContain('it cannot be read: illegal operation on a directory');
  });

  it.each([
    ['CA', 'not PEM', 'it holds no certificate (PEM)'],
    ['CA', '', 'it holds no certificate (PEM)'],
    ['CA', KEY, 'it holds no certificate (PEM)'],
    ['CA', CERTIFICATE.slice(0, 400), 'it holds no certificate (PEM)'],
    ['CA', AUTHORITIES.replace(/^MII/m, 'AAA'), 'it holds a certificate (PEM) that cannot be read'],
    ['CERT', 'not PEM', 'it holds no certificate (PEM)'],
    ['KEY', CERTIFICATE, 'it holds no private key (PEM) that can be read without a passphrase'],
  ])('is not spoken with a file that holds something else: %s %j', (what, text, why) => {
    const files = {
      LEDGER_KAFKA_TLS_CERT_FILE: fileWith('cert.pem', CERTIFICATE),
      LEDGER_KAFKA_TLS_KEY_FILE: fileWith('key.pem', KEY),
      [`LEDGER_KAFKA_TLS_${what}_FILE`]: fileWith('wrong.pem', text),
    };
    const refusal = refusalOf({ ...REMOTE, LEDGER_KAFKA_TLS: 'yes', ...files });
    expect(refusal).toContain('in one place');
    expect(refusal).toContain(why);
  });

  it.each(['CA', 'CERT', 'KEY'])('is not spoken because of a file alone: %s', (what) => {
    const name = `LEDGER_KAFKA_TLS_${what}_FILE`;
    expect(refusalOf({ ...LOCAL, [name]: fileWith('any.pem', 'x') })).toContain(
      'it says nothing without LEDGER_KAFKA_TLS=yes',
    );
  });

  it.each(['CERT', 'KEY'])('needs a certificate and its key, or neither: only %s', (what) => {
    const only = { [`LEDGER_KAFKA_TLS_${what}_FILE`]: fileWith('any.pem', 'x') };
    expect(refusalOf({ ...REMOTE, LEDGER_KAFKA_TLS: 'yes', ...only })).toContain(
      'needs LEDGER_KAFKA_TLS_KEY_FILE beside it, and the other way round',
    );
  });

  it('shows nothing that stands in a file, and writes nothing on the terminal that a path holds', () => {
    const refusal = refusalOf({
      ...REMOTE,
      LEDGER_KAFKA_TLS: 'yes',
      LEDGER_KAFKA_TLS_KEY_FILE: fileWith('key.pem', 'PRIVATE'),
      LEDGER_KAFKA_TLS_CA_FILE: `/not/there/\u202E${'x'.repeat(5_000)}`,
    });
    expect(refusal).not.toContain('PRIVATE');
    expect(refusal).not.toMatch(/[^\P{C}\n]/u);
    expect(refusal.length).toBeLessThan(2_000);
  });
});

/** Who we are, with the password in a file. */
const refusedByFile = (path: string): string =>
  refusalOf({ ...LOCAL, ...SCRAM, LEDGER_KAFKA_SASL_PASSWORD_FILE: path });

describe('who we are', () => {
  it.each([
    ['plain', 'hunter2', 'hunter2'],
    ['scram-sha-256', 'hunter2\n', 'hunter2'],
    ['scram-sha-512', 'hunter2\r\n', 'hunter2'],
    ['plain', ' two\nlines \n\n', ' two\nlines \n'],
  ])(
    'may be told by a file, of which a last line break is no part: %s %j',
    (mechanism, text, password) =>
      expect(
        kafkaOf({
          ...LOCAL,
          ...SCRAM,
          LEDGER_KAFKA_SASL_MECHANISM: mechanism,
          LEDGER_KAFKA_SASL_PASSWORD_FILE: fileWith('password', text),
        })?.sasl,
      ).toEqual({ mechanism, username: 'capture-ledger', password }),
  );

  const NEEDS = 'needs LEDGER_KAFKA_SASL_USERNAME, and LEDGER_KAFKA_SASL_PASSWORD';

  it.each<[string, Environment, string]>([
    ['a mechanism alone', { LEDGER_KAFKA_SASL_MECHANISM: 'plain' }, NEEDS],
    ['no password', SCRAM, NEEDS],
    ['no name', { LEDGER_KAFKA_SASL_MECHANISM: 'plain', LEDGER_KAFKA_SASL_PASSWORD: 'x' }, NEEDS],
    [
      'a name and no mechanism',
      { LEDGER_KAFKA_SASL_USERNAME: 'x' },
      'say which mechanism they are for',
    ],
    [
      'a password and no mechanism',
      { LEDGER_KAFKA_SASL_PASSWORD: 'x' },
      'say which mechanism they are for',
    ],
    [
      'an unknown mechanism',
      { LEDGER_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' },
      'allowed: none, plain,',
    ],
  ])('is not told by %s', (_, environment, why) =>
    expect(refusalOf({ ...LOCAL, ...environment })).toContain(why),
  );

  it('is told once: by the password or by its file', () => {
    const twice = {
      LEDGER_KAFKA_SASL_PASSWORD: 'hunter2',
      LEDGER_KAFKA_SASL_PASSWORD_FILE: fileWith('password', 'hunter3'),
    };
    const refusal = refusalOf({ ...LOCAL, ...SCRAM, ...twice });
    expect(refusal).toContain('cannot stand beside LEDGER_KAFKA_SASL_PASSWORD: one of them');
    expect(refusal).not.toMatch(/hunter/);
  });

  it('is not told by a file that is empty, or that cannot be read: one word for each', () => {
    expect(refusedByFile(fileWith('empty', '\n'))).toContain(NEEDS);
    const absent = refusedByFile(join(folder, 'absent'));
    expect(absent).toContain('in one place');
    expect(absent).toContain('it cannot be read: no such file or directory');
  });

  test.prop([
    fc.string({ minLength: 8, maxLength: 60 }).filter((text) => text.trim().length > 7),
    fc.constantFrom<Environment>(
      {},
      { LEDGER_HTTP_PORT: 'x' },
      { LEDGER_KAFKA_SASL_MECHANISM: 'none' },
      { ...REMOTE },
      { LEDGER_KAFKA_SASL_USERNAME: '' },
      { LEDGER_KAFKA_TLS: 'y' },
    ),
    fc.boolean(),
  ])('is never shown, whatever else is wrong', (secret, environment, isLong) => {
    const password = isLong ? secret.repeat(200) : secret;
    const wrong = { LEDGER_LOG_LEVEL: 'wrong', LEDGER_KAFKA_SASL_PASSWORD: password };
    const refusal = refusalOf({ ...LOCAL, ...SCRAM, ...environment, ...wrong });
    return !refusal.includes(secret.trim());
  });
});

describe('every setting of Kafka', () => {
  it.each<[string, readonly string[]]>([
    ['LEDGER_KAFKA_TOPIC_PREFIX', ['a b', 'a_b', 'a/b', 'x'.repeat(65)]],
    ['LEDGER_KAFKA_CREATE_TOPICS', ['', 'true', 'YES']],
    ['LEDGER_KAFKA_PARTITIONS', ['', '0', '1001', '3.5', '-3']],
    ['LEDGER_KAFKA_SESSION_TIMEOUT_MS', ['', '5999', '1800001', '30s']],
    ['LEDGER_KAFKA_PLAINTEXT', ['', 'yes', 'everywhere']],
    ['LEDGER_KAFKA_TLS', ['', 'true', 'no ']],
    ['LEDGER_KAFKA_TLS_CA_FILE', [' /a', 'a\nb']],
    ['LEDGER_KAFKA_SASL_USERNAME', ['x'.repeat(256)]],
    ['LEDGER_KAFKA_SASL_PASSWORD_FILE', ['a\0b']],
  ])('is refused where it cannot be: %s', (name, values) => {
    for (const value of values) {
      const refusal = refusalOf({ ...LOCAL, [name]: value });
      expect(refusal).toContain(`  ${name} is ${value === '' ? 'empty' : '"'}`);
      expect(refusal).toMatch(
        new RegExp(`\n {4}allowed: .+\n {4}example: ${name}=.+ {3}default: .+`),
      );
    }
  });

  it('is told with all that is wrong at once, conflicts and wrong values apart', () => {
    const conflicts = refusalOf({ ...REMOTE, ...SCRAM, LEDGER_KAFKA_TLS_CA_FILE: '/not/there' });
    expect(conflicts).toContain('The configuration is wrong in 4 places');
    const wrong = refusalOf({ ...REMOTE, LEDGER_KAFKA_PARTITIONS: '0', LEDGER_KAFKA_TLS: '?' });
    expect(wrong).toContain('The configuration is wrong in 2 places');
  });

  it('has an example that is right', () => {
    for (const [name, setting] of Object.entries(kafkaSettings)) {
      const report = refusalOf({ [name]: '\0'.repeat(2_000) });
      const example = new RegExp(`example: ${name}=(.*?) {3}default`).exec(report)?.[1];
      expect(() => setting.parse(example)).not.toThrow();
    }
  });
});
