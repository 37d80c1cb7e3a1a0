import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Service = Readonly<{
  image: string;
  build?: string;
  init?: boolean;
  command?: readonly string[];
  /** As it stands there; whatever is no text would reach the container as a guess of YAML's. */
  environment?: Readonly<Record<string, unknown>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  profiles?: readonly string[];
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>;
  healthcheck?: Readonly<{ disable?: boolean; test?: readonly string[] }>;
  stop_grace_period?: string;
  restart?: string;
  logging?: Readonly<{ driver: string; options: Readonly<Record<string, string>> }>;
}>;

type Compose = Readonly<{
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, unknown>>;
}>;

/** Our docker-compose.yml. */
export const compose = parse(readFileSync('docker-compose.yml', 'utf8'), {
  merge: true,
}) as Compose;

export const services: readonly (readonly [string, Service])[] = Object.entries(compose.services);

export const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
};

/** Those that run our image. */
export const ours = services.filter(([, { build }]) => build !== undefined);

/** What docker-compose.yml tells a service, as its process sees it. */
export const environmentOf = (name: string): Readonly<Record<string, string>> => {
  const told = Object.entries(service(name).environment ?? {});
  const wrong = told.find(([, value]) => typeof value !== 'string');
  if (wrong) throw new Error(`${name}: ${wrong[0]} is not in quotes`);
  return Object.fromEntries(told) as Readonly<Record<string, string>>;
};

/** Whether it does its work and ends, and somebody waits for that. */
export const isOneShot = (name: string): boolean =>
  service(name).restart === 'no' &&
  services.some(
    ([, { depends_on: needs = {} }]) => needs[name]?.condition === 'service_completed_successfully',
  );

/** Those that are there until they are stopped. */
export const running = services.filter(([name]) => !isOneShot(name));

/** `NAME://host:port,…` or `NAME:value,…` as a map. */
export const listenersOf = (name: string): ReadonlyMap<string, string> =>
  new Map(
    (environmentOf('kafka')[name] ?? '').split(',').map((listener) => {
      const [, key = '', value = ''] = /^([A-Z]+):(?:\/\/)?(.*)$/.exec(listener) ?? [];
      return [key, value];
    }),
  );
