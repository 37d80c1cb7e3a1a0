import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installedJava } from '../../tools/kafka/java.js';
import { outputOf } from '../../tools/kafka/output.js';
import { ownBroker } from './own-broker.js';
import type { OwnBroker } from './own-broker.js';

export const PASSWORD = 'correct horse';

/** Two ways to this broker are over TLS: `SSL`, and `SASL_SSL` for users. */
export type SecuredBroker = Readonly<{
  broker: OwnBroker;
  /** PEM: whom a client must trust. */
  ca: string;
}>;

/**
 * A broker of the suite's own with TLS, users and access control. `ada` may do everything, `bob` what an
 * ACL allows him; both log in by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 with `PASSWORD`. Who comes by `SSL`,
 * or by the plain listener, may do everything. It cannot be
 * started again: its certificate is gone.
 */
export const securedBroker = async (): Promise<SecuredBroker> => {
  const folder = mkdtempSync(join(tmpdir(), 'capture-ledger-tls-'));
  const store = join(folder, 'broker.p12');
  try {
    await keytool('-genkeypair', ...CERTIFICATE, ...storeIs(store));
    const ca = await keytool('-exportcert', '-rfc', ...storeIs(store));
    const users = ['ada', 'bob'].flatMap((name) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        (mechanism) => `${mechanism}=[name=${name},password=${PASSWORD}]`,
      ),
    );
    const ways = { listeners: ['SSL', 'SASL_SSL'], scram: users };
    return { broker: await ownBroker(propertiesWith(store), ways), ca };
  } finally {
    // The broker has read it.
    rmSync(folder, { recursive: true });
  }
};

const CERTIFICATE = '-keyalg EC -dname CN=broker -ext SAN=ip:127.0.0.1 -validity 2'.split(' ');

const storeIs = (path: string): readonly string[] =>
  ['-alias', 'broker', '-storetype', 'PKCS12', '-keystore', path].concat('-storepass', PASSWORD);

/** Java's own tool for certificates, beside `java`. */
const keytool = async (...args: readonly string[]): Promise<string> => {
  const command = (await installedJava())?.command ?? 'java';
  const { ok, said } = await outputOf(join(dirname(command), 'keytool'), args);
  if (!ok) throw new Error(said);
  return said;
};

const propertiesWith = (store: string): Readonly<Record<string, string>> => {
  const modules = 'org.apache.kafka.common.security';
  const plain = `${modules}.plain.PlainLoginModule required user_ada="${PASSWORD}" user_bob="${PASSWORD}";`;
  const scram = `${modules}.scram.ScramLoginModule required;`;
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': store,
    'ssl.keystore.password': PASSWORD,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': plain,
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scram,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:ada',
  };
};
