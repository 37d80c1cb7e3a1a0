import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { folderOfNewerStore } from './newer-store.js';
import { Program, cleanUp, temporaryFolder } from './program.js';

afterEach(cleanUp);

const start = (environment: Readonly<Record<string, string>>): Program =>
  new Program('main.js', [], { LEDGER_LOG_LEVEL: 'error', ...environment });

describe('npm start', () => {
  it('names all that is wrong with its configuration at once, and starts nothing', async () => {
    const program = start({ LEDGER_HTTP_PORT: 'http', LEDGER_STROE: '/secret' });
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stdout).toBe('');
    expect(program.stderr).toMatch(
      /^The configuration is wrong in 2 places; nothing was started\./,
    );
    expect(program.stderr).toContain('LEDGER_HTTP_PORT is "http"');
    expect(program.stderr).toContain('LEDGER_STROE is not a setting');
    expect(program.stderr).toContain('did you mean LEDGER_STORE?');
    expect(program.stderr).not.toContain('secret');
  });

  it('says in a line that its port is taken, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const program = start({ LEDGER_STORE: temporaryFolder(), LEDGER_HTTP_PORT: String(port) });
    await expect(program.ended()).resolves.toBe(3);
    server.close();
    expect(program.stdout).toBe('');
    expect(program.stderr.split('\n').slice(-3)).toEqual([
      `Cannot listen on 127.0.0.1:${port} (address already in use)`,
      '  LEDGER_HTTP_PORT comes from the environment   ·   LEDGER_HTTP_PORT=0 npm start  any free port',
      '',
    ]);
  });

  it('leaves a store alone that a newer build wrote', async () => {
    const folder = folderOfNewerStore();
    const program = start({ LEDGER_STORE: folder, LEDGER_HTTP_PORT: '0' });
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stdout).toBe('');
    expect(program.stderr).toMatch(
      /has version 99 and this build knows \d+: start the newer build/,
    );
    expect(program.stderr.split('\n')[0]).toContain(`Cannot open the store in ${folder}`);
  });
});
