import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from './output.ts';
import { KafkaTrouble } from './trouble.ts';

/** Of the broker, as in pom.xml. */
export const KAFKA_VERSION = '4.3.1';

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Where the broker's jars are kept, outside of the work tree: they outlive it. */
export const jarsFolder = (): string =>
  join(
    process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'capture-ledger',
    `kafka-${KAFKA_VERSION}`,
  );

/** Whether all jars are there. The folder gets its name when it is complete, never before. */
export const jarsAreThere = (): boolean => existsSync(jarsFolder());

/** All jars as a class path, always in the same order: a class archive holds for one class path only. */
export const classPath = (): string =>
  readdirSync(jarsFolder())
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => join(jarsFolder(), name))
    .join(':');

/** Fetches the jars by Maven, and says so. Of two that do it at once, one is too late, and uses the other's. */
export const fetchJars = async (stopping: AbortSignal): Promise<void> => {
  process.stderr.write(
    `Fetching Kafka ${KAFKA_VERSION} by Maven, some 45 MB; this is done once.\n`,
  );
  const cache = join(jarsFolder(), '..');
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, '.fetching-'));
  try {
    const pom = join(import.meta.dirname, 'pom.xml');
    const wanted = ['-DincludeScope=runtime', `-DoutputDirectory=${fresh}`];
    const { ok, said } = await outputOf(
      'mvn',
      ['-q', '-B', '-f', pom, `${DEPENDENCY_PLUGIN}:copy-dependencies`, ...wanted],
      stopping,
    );
    if (!ok) throw notFetched(said);
    await rename(fresh, jarsFolder()).catch((error: unknown) => {
      if (!jarsAreThere()) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
};

const notFetched = (said: string): KafkaTrouble =>
  new KafkaTrouble(
    `Cannot fetch Kafka ${KAFKA_VERSION}`,
    said.split('\n').find((line) => line.trim() !== '') ?? 'Maven did not say why',
    [
      'mvn must reach a repository: ~/.m2/settings.xml names the one to use',
      'or start a Docker engine, which is used instead',
    ],
  );
