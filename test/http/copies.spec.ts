import type { EventStore } from '#event-store/event-store.js';
import { registration } from './fixtures.js';
import { HttpClient } from './http-client.js';
import type { HttpAnswer } from './http-client.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';

const SENDERS = 100;
const COPIES = 50;
const AUTHORIZATIONS = 5;

type Sent = Readonly<{ type: string; commandId: string; body: object }>;

/** Captures of 3 000 each, of 10 000: three are accepted, whichever come first, and the rest refused. */
const commandsOn = (authorizationId: string): readonly Sent[] =>
  Array.from({ length: 6 }, (_, index) => ({
    type: 'CreateCapture',
    commandId: `capture-${index}`,
    body: { authorizationId, captureId: `capture-${index}`, amount: 3_000 },
  }));

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

it('100 senders, 50 copies of each command: one decision, the same bytes', async () => {
  const authorizations = Array.from({ length: AUTHORIZATIONS }, (_, index) => `copied-${index}`);
  for (const id of authorizations)
    await ledger.client.send('RegisterAuthorization', 'register', registration(id));
  const commands = authorizations.flatMap(commandsOn);
  const copies = shuffled(commands.flatMap((command) => Array<Sent>(COPIES).fill(command)));

  const answers = new Map<Sent, HttpAnswer[]>(commands.map((command) => [command, []]));
  const senders = new HttpClient(ledger.port, { connections: SENDERS });
  const sender = async (): Promise<void> => {
    for (let sent = copies.pop(); sent; sent = copies.pop()) {
      answers.get(sent)!.push(await senders.send(sent.type, sent.commandId, sent.body));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  senders.close();

  for (const same of answers.values()) {
    expect(same).toHaveLength(COPIES);
    expect(new Set(same.map(essence)).size).toBe(1);
    expect(same.filter(({ headers }) => !headers['ledger-repeat'])).toHaveLength(1);
  }
  for (const id of authorizations) {
    const decided = await commandIdsIn(ledger.store, `authorization-default/${id}`);
    expect(decided.toSorted()).toEqual(
      ['register', ...commandsOn(id).map(({ commandId }) => commandId)].toSorted(),
    );
  }
  const statuses = [...answers.values()].map(([first]) => first!.status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(3 * AUTHORIZATIONS);
  expect(statuses.filter((status) => status === 422)).toHaveLength(3 * AUTHORIZATIONS);
}, 60_000);

/** All that must be the same on every repeat. */
const essence = ({ status, headers: { location, etag, 'content-type': type }, body }: HttpAnswer) =>
  JSON.stringify({ status, location, etag, type, body });

const commandIdsIn = async (store: EventStore, stream: string): Promise<readonly string[]> =>
  (await store.readStream(stream)).map(
    ({ metadata }) => (JSON.parse(metadata) as { commandId: string }).commandId,
  );

/** In an order that is the same in every run and has copies of one command far apart. */
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item, index) => ({ item, key: (index * 7_919) % 10_007 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
