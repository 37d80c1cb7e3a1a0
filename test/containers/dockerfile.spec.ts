import { existsSync, readFileSync } from 'node:fs';
import { isSent } from './build-context.js';
import {
  copyOf,
  execForm,
  finalStage,
  imageEnvironment,
  stages,
  textOf,
  textsOf,
} from './dockerfile.js';

type Package = Readonly<{ optionalDependencies: Readonly<Record<string, string>> }>;

const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

const copies = stages.flatMap((stage) =>
  textsOf(stage, 'COPY').map((text) => ({ stage, ...copyOf(text) })),
);

describe('the Dockerfile', () => {
  it('builds every stage on the Node that the lock file brings', () => {
    const [version, ...others] = new Set(Object.values(optionalDependencies));
    expect(others).toEqual([]);
    for (const { image } of stages)
      expect(image).toMatch(new RegExp(`^node:${version}-\\w+-slim$`));
  });

  it('copies nothing that is not there, or that .dockerignore keeps back', () => {
    const sources = copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources);
    expect(sources).toContain('apps');
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    expect(sources.filter((source) => !isSent(source))).toEqual([]);
  });

  it('sends the engine nothing that it does not copy: no store, no history, no packages of this machine', () => {
    const kept = ['.git', '.ledger', '.ledger/events.db', 'dist', 'node_modules', 'test', '.env'];
    expect(kept.filter(isSent)).toEqual([]);
  });

  it('takes from other stages what an earlier one has', () => {
    for (const { stage, from, sources } of copies) {
      if (from === undefined) continue;
      const earlier = stages.slice(0, stages.indexOf(stage)).find(({ name }) => name === from);
      expect(earlier).toBeDefined();
      const workFolder = textOf(earlier!, 'WORKDIR');
      for (const source of sources) expect(source.startsWith(`${workFolder}/`)).toBe(true);
    }
  });

  it('leaves what only the build needs out of the image', () => {
    const dependencies = stages.find(({ name }) => name === 'dependencies')!;
    expect(textsOf(dependencies, 'RUN')).toEqual(['npm ci --omit=dev --omit=optional']);
    expect(textsOf(finalStage, 'RUN').filter((text) => text.includes('npm'))).toEqual([]);
  });

  it('runs as a user who is not root, and who owns the folder of the store and nothing else', () => {
    const user = textOf(finalStage, 'USER');
    expect(['', '0', 'root']).not.toContain(user.split(':')[0]);
    const volume = textOf(finalStage, 'VOLUME');
    expect(imageEnvironment['LEDGER_STORE']).toBe(volume);
    expect(textsOf(finalStage, 'RUN')).toEqual([
      `install --directory --owner=${user} --group=${user} ${volume}`,
    ]);
    expect(copies.filter(({ target }) => target.startsWith('--chown'))).toEqual([]);
  });

  it('runs Node itself, so that it gets the signals', () => {
    expect(execForm(textOf(finalStage, 'ENTRYPOINT'))[0]).toBe('node');
    expect(execForm(textOf(finalStage, 'CMD'))[0]).toMatch(/^dist\/.*\.js$/);
    expect(execForm(textOf(finalStage, 'HEALTHCHECK'))[0]).toBe('node');
  });

  it('exposes no port: the ledger listens on loopback only', () => {
    expect(stages.flatMap((stage) => textsOf(stage, 'EXPOSE'))).toEqual([]);
  });
});
