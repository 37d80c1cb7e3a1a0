import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isSent } from './build-context.js';
import { copyOf, execForm, finalStage, imageEnvironment, stages, textOf } from './dockerfile.js';
import type { Copy, Stage } from './dockerfile.js';

type Environment = Readonly<Record<string, string>>;

/** What stands for the image: the folder in which its programs run. */
export type Image = Readonly<{ folder: string; remove: () => void }>;

/** Of the Node that runs the tests, which is the one that the lock file brings. */
const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);

/**
 * Plays the Dockerfile without an engine: every stage in a folder that holds what the stage copies and
 * makes, and nothing else of the work tree. `npm ci` links the packages that it would install; `npm run`
 * runs. What it cannot show is the base image, its user, and owners of files.
 */
export const playDockerfile = (): Image => {
  const root = mkdtempSync(join(tmpdir(), 'ledger-image-'));
  const folders = new Map<string, string>();
  for (const stage of stages) {
    const folder = join(root, stage.name ?? 'image');
    mkdirSync(folder);
    folders.set(stage.name ?? 'image', folder);
    playStage(stage, folder, folders);
  }
  return {
    folder: folders.get('image')!,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

const playStage = (stage: Stage, folder: string, folders: ReadonlyMap<string, string>): void => {
  const workFolder = textOf(stage, 'WORKDIR');
  for (const { name, text } of stage.instructions) {
    if (name === 'COPY') copy(copyOf(text), { folder, folders, workFolder });
    if (name === 'RUN' && text.startsWith('npm ci')) linkPackages(folder, text.split(' ').slice(2));
    if (name === 'RUN' && text.startsWith('npm run')) run(text, folder);
  }
};

type Place = Readonly<{
  folder: string;
  folders: ReadonlyMap<string, string>;
  workFolder: string;
}>;

const copy = ({ from, sources, target }: Copy, { folder, folders, workFolder }: Place): void => {
  for (const source of sources) {
    const origin =
      from === undefined ? resolve(source) : join(folders.get(from)!, relative(workFolder, source));
    // Into a folder; or, as Docker does it, what is in a folder under the name of the target.
    const into = target.endsWith('/')
      ? join(folder, target, basename(source))
      : join(folder, target);
    const filter = (path: string): boolean => from !== undefined || isSent(relative('.', path));
    cpSync(origin, into, { recursive: true, filter, verbatimSymlinks: true });
  }
};

type Locked = Readonly<{ dev?: true; optional?: true; devOptional?: true }>;

/** Links what `npm ci` with these options would install of the first level, each with what it brings along. */
const linkPackages = (folder: string, options: readonly string[]): void => {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  if (!options.includes('--omit=dev')) {
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    return;
  }
  for (const [path, { dev, optional, devOptional }] of Object.entries(packages)) {
    const isFirstLevel = /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path);
    if (!isFirstLevel || dev || devOptional) continue;
    if (optional && options.includes('--omit=optional')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(path), join(folder, path));
  }
};

const run = (command: string, folder: string): void => {
  const env = { ...process.env, PATH };
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
};

/** A program of the image, started as an engine would start it, but on this machine. */
export class Container {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  stdout = '';
  stderr = '';

  constructor({ folder }: Image, command: readonly string[], environment: Environment) {
    const [program = '', ...args] = command;
    const env = { PATH, ...imageEnvironment, ...environment };
    this.#process = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#ended = once(this.#process, 'close').then(([code, signal]) => code ?? signal);
    containers.push(this);
  }

  /** Its exit code, or the signal that ended it. */
  ended(): Promise<unknown> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves when it has said something on its standard output. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      const ended = this.#ended.then(() => {
        throw new Error(`it ended without saying ${pattern}: ${this.stdout}${this.stderr}`);
      });
      await Promise.race([once(this.#process.stdout, 'data'), ended]);
    }
  }
}

/** A program by the command of its service, or without one by that of the image. */
export const startContainer = (
  image: Image,
  command: readonly string[] | undefined,
  environment: Environment,
): Container => {
  const entrypoint = execForm(textOf(finalStage, 'ENTRYPOINT'));
  const ofImage = execForm(textOf(finalStage, 'CMD'));
  return new Container(image, [...entrypoint, ...(command ?? ofImage)], environment);
};

const containers: Container[] = [];

/** Ends what a test has started. */
export const endContainers = async (): Promise<void> => {
  for (const container of containers.splice(0)) {
    container.kill('SIGKILL');
    await container.ended();
  }
};
