import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, closeGates, openGate, problem } from './gate.js';
import type { Received, Reply } from './gate.js';
import { Program, cleanUp, temporaryFolder } from './program.js';
import { send, tallyOf } from './sent.js';

afterEach(cleanUp);
afterEach(closeGates);

/** A file to send, of a folder of its own. */
const fileOf = (lines: readonly string[]): string => {
  const path = join(temporaryFolder(), 'commands.ndjson');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
};

const command = (authorizationId: string, commandId: string, said: object = {}): string =>
  JSON.stringify({ type: 'CreateCapture', authorizationId, commandId, ...said });

/** So many commands of each authorization, two at a time, all authorizations in turn. */
const commandsOf = (authorizations: number, commands: number): string[] =>
  Array.from({ length: authorizations * commands }, (_, at) => {
    const authorization = Math.floor(at / 2) % authorizations;
    const round = Math.floor(at / (2 * authorizations));
    return command(`order-${authorization}`, `${round * 2 + (at % 2)}`);
  });

describe('npm run send', () => {
  it('sends the commands of one authorization in order, and those of different ones at once', async () => {
    const underWay = new Set<string>();
    const overtaken: string[] = [];
    const orders = new Map<string, string[]>();
    let mostAtOnce = 0;
    const fourAtOnce = Promise.withResolvers<void>();
    const gate = await openGate(async ({ authorizationId, commandId }) => {
      if (underWay.has(authorizationId)) overtaken.push(commandId);
      underWay.add(authorizationId);
      mostAtOnce = Math.max(mostAtOnce, underWay.size);
      orders.set(authorizationId, [...(orders.get(authorizationId) ?? []), commandId]);
      if (underWay.size === 4 || overtaken.length > 0) fourAtOnce.resolve();
      await fourAtOnce.promise;
      // Others are given the time to overtake.
      for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
      underWay.delete(authorizationId);
      return accepted;
    });
    const program = send(fileOf(commandsOf(10, 20)), gate.url, '--concurrency', '4');
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual({ accepted: 200 });
    const inOrder = Array.from({ length: 20 }, (_, place) => String(place));
    expect([...orders.values()]).toEqual(Array.from({ length: 10 }, () => inOrder));
    expect(overtaken).toEqual([]);
    expect(mostAtOnce).toBe(4);
  });

  it('passes each line on as it stands, with the command id as its idempotency key', async () => {
    const received: Received[] = [];
    const gate = await openGate((one) => {
      received.push(one);
      return accepted;
    });
    const line = '{ "type":"VoidRefund", "commandId":"a:1","authorizationId":"A", "n":1.0 }';
    const named = command('B', 'b:1', { merchantAccountId: 'other' });
    const program = send(fileOf([line, named]), gate.url, '--merchant', 'shop-1');
    await expect(program.ended()).resolves.toBe(0);
    const [first, second] = received.toSorted((a, b) => (a.commandId < b.commandId ? -1 : 1));
    expect(first).toMatchObject({
      path: '/v1/commands/VoidRefund',
      body: line,
      headers: { 'idempotency-key': 'a:1', 'x-merchant-account-id': 'shop-1' },
    });
    expect(second?.headers).not.toHaveProperty('x-merchant-account-id');
  });

  it('counts lines that are no commands, names them, and goes on', async () => {
    const gate = await openGate(() => accepted);
    const path = fileOf([
      command('A', '1'),
      '{"type":"CreateCap',
      '',
      '{"commandId":"1","authorizationId":"A"}',
      '{"type":"CreateCapture","authorizationId":"A"}',
      '[]',
      `{"type":"CreateCapture","x":"${'x'.repeat(1024 * 1024)}"}`,
      command('A', '2'),
    ]);
    const program = send(path, gate.url);
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual({
      accepted: 2,
      'not sent not_json': 2,
      'not sent no_type': 1,
      'not sent no_command_id': 1,
      'not sent line_too_long': 1,
    });
    expect(program.stderr).toContain('line 2: not sent, not_json\n');
    expect(program.stderr).toContain('line 4: not sent, no_type\n');
    expect(program.stderr).toContain('line 7: not sent, line_too_long\n');
  });

  it('counts answers by outcome and reason, and says of each invalid command what is wrong', async () => {
    const answers = new Map<string, Reply>([
      ['1', { ...accepted, headers: { 'ledger-repeat': 'true' } }],
      ['2', problem(422, 'capture_unknown')],
      ['3', problem(409, 'command_id_reused')],
      [
        '4',
        {
          status: 400,
          body: '{"code":"invalid_command","errors":[{"pointer":"/amount","message":"must be a whole number"}]}',
        },
      ],
      ['5', problem(413, 'body_too_large')],
    ]);
    const gate = await openGate(({ commandId }) => answers.get(commandId));
    const program = send(fileOf([...answers.keys()].map((id) => command('A', id))), gate.url);
    await expect(program.ended()).resolves.toBe(0);
    const tally = tallyOf(program);
    expect(tally.lines).toEqual({
      accepted: 1,
      'rejected capture_unknown': 1,
      'rejected command_id_reused': 1,
      'invalid invalid_command': 1,
      'invalid body_too_large': 1,
    });
    expect(tally.repeats).toEqual({ accepted: 1 });
    expect(program.stderr).toContain('line 4: invalid, /amount must be a whole number\n');
    expect(program.stderr).toContain('line 5: invalid, body_too_large\n');
  });

  it('sends again what was not answered, until it is', async () => {
    const tries = new Map<string, number>();
    const gate = await openGate(({ commandId }) => {
      const before = tries.get(commandId) ?? 0;
      tries.set(commandId, before + 1);
      if (before === 0) return undefined;
      return before === 1 ? problem(503, 'store_unavailable') : accepted;
    });
    const program = send(fileOf(['A', 'B', 'C'].map((id) => command(id, id))), gate.url);
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual({ accepted: 3 });
    expect([...tries.values()]).toEqual([3, 3, 3]);
  });

  it('waits for a ledger that is started anew, and goes on', async () => {
    let answers = 0;
    const first = await openGate(() => {
      answers += 1;
      if (answers <= 50) return accepted;
      first.close();
      return undefined;
    });
    const program = send(fileOf(commandsOf(20, 10)), first.url, '--concurrency', '4');
    await first.closed;
    await openGate(() => accepted, Number(new URL(first.url).port));
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual({ accepted: 200 });
  });

  it('leaves one authorization alone that cannot be decided on, and goes on with the others', async () => {
    let tries = 0;
    const gate = await openGate(({ authorizationId }) => {
      if (authorizationId !== 'torn') return accepted;
      tries += 1;
      return problem(503, 'stream_unusable');
    });
    const program = send(fileOf([command('torn', '1'), command('B', '1')]), gate.url);
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual({ accepted: 1, 'failed stream_unusable': 1 });
    expect(tries).toBeGreaterThan(1);
  });

  it('gives up where nobody listens, and says so in a line with its cure', async () => {
    const gate = await openGate(() => accepted);
    gate.close();
    const program = send(fileOf([command('A', '1')]), gate.url);
    await expect(program.ended()).resolves.toBe(3);
    expect(program.stderr).toMatch(
      /^Cannot reach a ledger at http:\/\/127\.0\.0\.1:\d+ \(connection refused, \d tries in [\d.]+ s\)\n {2}npm start /,
    );
    expect(program.stdout).toBe('');
  });

  it('does not take for a ledger what is none', async () => {
    const gate = await openGate(() => ({ status: 404, body: '<html>Not found</html>' }));
    const program = send(fileOf([command('A', '1')]), gate.url);
    await expect(program.ended()).resolves.toBe(3);
    expect(program.stderr).toMatch(/^Who answers at .* is no capture ledger \(status 404/);
  });

  it.each([
    ['a file that is not there', ['nowhere.ndjson'], 'Cannot read nowhere.ndjson'],
    ['a folder', ['examples'], 'Cannot read examples (it is no file)'],
    ['no file at all', [], "missing required argument 'file'"],
    ['an address that is none', ['x', '--url', 'ftp://h'], 'It must be like http://127.0.0.1:8080'],
    ['an option that is wrong', ['x', '--concurrency', '0'], 'from 1 to 1024'],
  ])('says what is wrong with %s', async (_case, args, told) => {
    const program = new Program('send/main.js', args);
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toContain(told);
  });
});
