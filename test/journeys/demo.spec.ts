import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { uniquePrefix } from '../kafka/topics.js';
import { Program, cleanUp, temporaryFolder } from './program.js';

const demo = (store: string): Program => new Program('demo/main.js', [], { LEDGER_STORE: store });

/** What is the run's own: ids, times. */
const withoutOwn = (stdout: string): string =>
  stdout
    .replace(/merchant: demo-\w+/, 'merchant: …')
    .replaceAll(/ +\d+(\.\d)? ms/g, ' … ms')
    .replaceAll(/ +$/gm, '');

const TOTALS =
  'captures 2   captured EUR 120.00   refunded EUR 45.50   refund pending EUR 10.00   final yes   events 10   refusals 1';

afterEach(cleanUp);

describe('npm run demo', () => {
  it('shows all eight steps, and the totals that the views show in the end', async () => {
    const program = demo(temporaryFolder());
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stderr).toBe('');
    const lines = program.stdout.split('\n');
    const steps = lines.flatMap((line) => /^ {2}([1-8]) {2}/.exec(line)?.[1] ?? []);
    expect(steps).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(program.stdout).toMatch(/ 3 {2}CreateCapture .* the same answer /);
    expect(program.stdout).toMatch(/ refused +amount_exceeds_refund_balance \(24\.50 left\)/);
    expect(program.stdout).toMatch(/ 7 {2}ForwardStuckCapture .* forwarded +rev 8 /);
    expect(program.stdout).toContain(
      '8  kill -9 after the append, before the answer; restart; sent again: nothing lost, nothing twice',
    );
    expect(lines.at(-2)?.trim()).toBe(TOTALS);
  });

  it('shows the same again on the folder that the first run has left', async () => {
    const folder = temporaryFolder();
    const first = demo(folder);
    await expect(first.ended()).resolves.toBe(0);
    const second = demo(folder);
    await expect(second.ended()).resolves.toBe(0);
    expect(withoutOwn(second.stdout)).toBe(withoutOwn(first.stdout));
  });

  it('says in a line why it cannot keep its store, and what to do', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    const program = demo(file);
    await expect(program.ended()).resolves.toBe(3);
    expect(program.stderr).toMatch(/^Cannot open the store in .*a-file.demo \(not a directory\)\n/);
    expect(program.stderr).toContain('LEDGER_STORE comes from the environment');
    expect(program.stdout).toBe('');
  });

  it('does not begin where the configuration is wrong', async () => {
    const program = new Program('demo/main.js', [], { LEDGER_HTTP_PORT: 'http' });
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toContain('LEDGER_HTTP_PORT is "http"');
  });
});

describe('npm run demo -- --kafka', () => {
  it('says in a line that the broker is away', async () => {
    const program = new Program('demo/main.js', ['--kafka'], {
      LEDGER_STORE: temporaryFolder(),
      KAFKA_BROKERS: '127.0.0.1:1',
    });
    await expect(program.ended()).resolves.toBe(3);
    expect(program.stderr).toMatch(/^Cannot use Kafka at 127\.0\.0\.1:1 \(/);
    expect(program.stdout).toBe('');
  });
});

describeWithKafka('npm run demo -- --kafka', () => {
  it('shows the same over topics, with the shop as a process of its own', async () => {
    const program = new Program('demo/main.js', ['--kafka'], {
      LEDGER_STORE: temporaryFolder(),
      KAFKA_BROKERS: await sharedBroker(),
      LEDGER_KAFKA_TOPIC_PREFIX: uniquePrefix(),
    });
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stderr).toBe('');
    const lines = program.stdout.split('\n');
    const steps = lines.flatMap((line) => /^ {2}([1-8]) {2}/.exec(line)?.[1] ?? []);
    expect(steps).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(program.stdout).toMatch(/commands: Kafka 127\.0\.0\.1:\d+ /);
    expect(program.stdout).toContain('delivered again: nothing lost, nothing twice');
    expect(lines.at(-2)?.trim()).toBe(TOTALS);
  });
});
