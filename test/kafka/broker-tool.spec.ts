import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree } from '../../tools/kafka/ports.js';
import { describeWithKafka, describeWithOwnKafka } from './suites.js';
import { createTopics, produce, readAll } from './topics.js';

/** Folders and tools of a test, put away after it. */
const folders: string[] = [];
const tools: Tool[] = [];

const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-tool-'));
  folders.push(folder);
  return folder;
};

/** `npm run kafka -- ARGS`, without npm between. */
class Tool {
  readonly process: ChildProcess;
  /** Where it puts what it throws away. */
  readonly temporary = emptyFolder();
  readonly #ended: Promise<unknown[]>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.process = fork('tools/kafka/main.ts', args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, TMPDIR: this.temporary, ...environment },
    });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    // Not 'close': it never comes after a disconnect() of this side.
    this.#ended = once(this.process, 'exit');
    tools.push(this);
  }

  /** Its exit code, or the signal that ended it. */
  async ended(): Promise<unknown> {
    const [code, signal] = await this.#ended;
    for (const output of [this.process.stdout!, this.process.stderr!]) {
      if (!output.closed) await once(output, 'close');
    }
    return code ?? signal;
  }

  /** The address that it prints when it is ready. */
  async address(): Promise<string> {
    for (;;) {
      const [, address] = /^Kafka listens on (127\.0\.0\.1:\d+) .*\n/.exec(this.stdout) ?? [];
      if (address !== undefined) return address;
      const ended = this.#ended.then(() => {
        throw new Error(`it ended: ${this.stderr}`);
      });
      await Promise.race([once(this.process.stdout!, 'data'), ended]);
    }
  }
}

afterEach(async () => {
  for (const tool of tools.splice(0)) {
    tool.process.kill('SIGTERM');
    await tool.ended();
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const portOf = (address: string): number => Number(address.split(':')[1]);

describeWithKafka('npm run kafka', () => {
  it('starts a broker, says where, and leaves nothing when it is stopped', async () => {
    const tool = new Tool(['--port', '0']);
    const address = await tool.address();
    await createTopics(address, ['letters']);
    await produce(address, 'letters', [{ key: 'k', value: 'hello' }]);
    await expect(readAll(address, 'letters')).resolves.toHaveLength(1);

    tool.process.kill('SIGTERM');
    await expect(tool.ended()).resolves.toBe(0);
    expect(tool.stderr).toBe('');
    expect(tool.stdout.trimEnd().split('\n')).toHaveLength(1);
    await expect(isFree(portOf(address))).resolves.toBe(true);
    expect(readdirSync(tool.temporary)).toEqual([]);
  });

  it('keeps the records in the folder it is given', async () => {
    const data = join(emptyFolder(), 'kept');
    const first = new Tool(['--port', '0', '--data', data]);
    const address = await first.address();
    await createTopics(address, ['letters']);
    await produce(address, 'letters', [{ key: 'k', value: 'kept' }]);
    first.process.kill('SIGTERM');
    await first.ended();

    const again = new Tool(['--port', `${portOf(address)}`, '--data', data]);
    await expect(again.address()).resolves.toBe(address);
    const records = await readAll(address, 'letters');
    expect(records.map(({ value }) => String(value))).toEqual(['kept']);
    again.process.kill('SIGINT');
    await expect(again.ended()).resolves.toBe(0);
    expect(existsSync(data)).toBe(true);
  });

  it('goes when the process that started it is gone', async () => {
    const tool = new Tool(['--port', '0']);
    const [told] = await once(tool.process, 'message');
    expect(told).toEqual({ address: await tool.address() });
    tool.process.disconnect();
    await expect(tool.ended()).resolves.toBe(0);
    expect(readdirSync(tool.temporary)).toEqual([]);
  });

  it('can be stopped before it is ready', async () => {
    const tool = new Tool(['--port', '0']);
    while (readdirSync(tool.temporary).length === 0) await new Promise(setImmediate);
    tool.process.kill('SIGTERM');
    await expect(tool.ended()).resolves.toBe(0);
    expect(tool.stdout).toBe('');
    expect(readdirSync(tool.temporary)).toEqual([]);
  });

  it('says that its port is taken, and by which cure it starts', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const tool = new Tool(['--port', `${port}`]);
    await expect(tool.ended()).resolves.toBe(3);
    server.close();
    expect(tool.stdout).toBe('');
    expect(tool.stderr).toBe(
      `Kafka cannot listen on 127.0.0.1:${port} (the port is taken by another program)\n` +
        '  npm run kafka -- --port 0   any free port\n',
    );
  });
});

describeWithOwnKafka('npm run kafka on a fresh machine', () => {
  it('says why Maven could not fetch the broker', async () => {
    const tool = new Tool(['--port', '0'], {
      XDG_CACHE_HOME: emptyFolder(),
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      // As where the network is away, and nothing was ever fetched.
      MAVEN_OPTS: `-Dmaven.repo.local=${emptyFolder()} -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=1 -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=1`,
    });
    await expect(tool.ended()).resolves.toBe(3);
    expect(tool.stderr).toMatch(
      /\nCannot fetch Kafka 4\.3\.1 \(.*(refused|transfer).*\)\n {2}mvn must/,
    );
  });
});

/**
 * Stands for the program `docker` of a machine whose engine answers: it notes how it was asked, and speaks
 * and ends as a broker in a container does.
 */
const DOCKER = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
[ "$1" = run ] || exit 0
trap 'exit 143' TERM
echo '[KafkaRaftServer nodeId=1] Kafka Server started'
while :; do sleep 0.1; done
`;

describe('npm run kafka', () => {
  it('uses a Docker engine where one answers', async () => {
    const path = emptyFolder();
    writeFileSync(join(path, 'docker'), DOCKER, { mode: 0o755 });
    const data = join(emptyFolder(), 'kept');
    const tool = new Tool(['--port', '0', '--data', data], {
      PATH: `${path}:${process.env['PATH']}`,
    });
    const port = portOf(await tool.address());
    expect(tool.stdout).toContain('on Docker');
    tool.process.kill('SIGTERM');
    await expect(tool.ended()).resolves.toBe(0);

    const [info, , run] = readFileSync(join(path, 'asked'), 'utf8').split('\n');
    expect(info).toBe('info');
    expect(run).toContain(
      `run --rm --publish=127.0.0.1:${port}:9092 --volume=${data}:/var/lib/kafka/data`,
    );
    expect(run).toContain('--env=KAFKA_AUTO_CREATE_TOPICS_ENABLE=false');
    expect(run).toContain(
      `--env=KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:${port},INTERNAL://localhost:19092`,
    );
    expect(run).toMatch(/ apache\/kafka:4\.3\.1$/);
  });

  it.each([
    [['--port', 'http']],
    [['--port', '65536']],
    [['--data']],
    [['--prot', '1']],
    [['now']],
  ])('ends with 2 on the command line %j', async (args) => {
    const tool = new Tool(args);
    await expect(tool.ended()).resolves.toBe(2);
    expect(tool.stdout).toBe('');
    expect(tool.stderr).toMatch(/^error: /);
  });

  it('says what to install where there is neither Docker nor Java', async () => {
    const path = emptyFolder();
    symlinkSync(process.execPath, join(path, 'node'));
    const tool = new Tool([], { PATH: path, JAVA_HOME: undefined });
    await expect(tool.ended()).resolves.toBe(3);
    expect(tool.stderr).toBe(
      'Cannot start Kafka (no Docker engine answers, and there is no Java 17 with Maven)\n' +
        '  start Docker, or install both: apt-get install openjdk-17-jdk-headless maven\n',
    );
  });
});
