import * as fc from 'fast-check';
import { anyRequest, noCommand } from './arbitrary-requests.js';
import { description, flawsBy } from './description.js';
import { registered } from './fixtures.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';
import { exchange } from './raw-connection.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

const problem = description.components['schemas']!['Problem']!;

it('what is no command is a 4xx problem, whatever is wrong with it, and leaves nothing behind', async () => {
  const head = await ledger.store.head();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(noCommand, async ({ type, body }) => {
      count += 1;
      const { status, headers, json } = await ledger.client.send(type, `bad-${count}`, body);
      expect([400, 413]).toContain(status);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(flawsBy(problem, json)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(await ledger.store.head()).toBe(head);
  expect((await registered(ledger.client, 'after-no-command')).status).toBe(201);
}, 60_000);

it('no request is answered with a 5xx, and every error is a problem', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, async (bytes) => {
      const { status, headers, body } = await exchange(ledger.port, bytes);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      if (status < 400) return;
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(flawsBy(problem, JSON.parse(body))).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect((await registered(ledger.client, 'after-anything')).status).toBe(201);
}, 60_000);
