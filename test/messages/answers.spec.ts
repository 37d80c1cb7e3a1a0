import { Test } from '@nestjs/testing';
import * as fc from 'fast-check';
import type { Answer, Decided } from '#commands/answer.js';
import { CommandGateway } from '#commands/command-gateway.js';
import { CommandsModule } from '#commands/commands.module.js';
import type { Flaw } from '#commands/flaw.js';
import { commandIdReused, failedAnswer, historyFull } from '#commands/undecided-answer.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { answerRecord } from '#kafka/answer-record.js';
import { commandIn } from '#kafka/command-record.js';
import { deadLetterOf } from '#kafka/dead-letter.js';
import type { InboundRecord } from '#kafka/records.js';
import { replyCopy } from '#kafka/reply-copy.js';
import { topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';
import { quiet } from '../commands/quiet-observer.js';
import { capture, submitted, succeeded } from '../commands/submitted.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { expectConforming, flawsOf } from './conformance.js';
import { anyLife, anyWrongRecord } from './inbound-records.js';
import { flawsBy } from './published-schemas.js';

const topics = topicNames('test.');
const replyTopics = /\.reply$/;

/** Whether JSON Schema can say what is wrong: it knows no card numbers, and no rules between members. */
const aSchemaSays = ({ message }: Flaw): boolean =>
  !/card number|its name is that of|automatic|manual_multiple|so long a fraction/.test(message);

/** Checks all that is written about a record, and gives what its sender is told. */
const expectConformingAnswer = (record: InboundRecord, decided: Decided): Answer => {
  const answer = answerRecord(decided, record, topics.answers);
  expectConforming(answer);
  const copy = replyCopy(answer, record, {
    replyTopics,
    ours: new Set(),
    now: record.timestamp,
    refused: () => undefined,
  });
  if (copy) expectConforming(copy);
  const { deadLetter } = decided;
  if (deadLetter) expectConforming(deadLetterOf(record, decided, deadLetter, topics.deadLetters));
  return decided.answer;
};

const everyEvent = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  while (events.length < (await store.head())) {
    events.push(...(await store.readAll(events.length, 1_000)));
  }
  return events;
};

/** Milliseconds for one test: thousands of records are a matter of seconds, on a busy machine of more. */

describe('What the ledger writes is what docs/messages says:', () => {
  let store: EventStore;
  let gateway: CommandGateway;

  beforeAll(async () => {
    store = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
    const module = await Test.createTestingModule({
      imports: [CommandsModule.forRoot({ store, clock: systemClock, observer: quiet })],
    }).compile();
    await module.init();
    gateway = module.get(CommandGateway);
  });
  afterAll(async () => {
    await store.close();
    removeTemporaryFolders();
  });

  const answersTo = (records: readonly InboundRecord[]): Promise<readonly Answer[]> =>
    Promise.all(
      records.map(async (record) =>
        expectConformingAnswer(record, await gateway.receive(commandIn(record))),
      ),
    );

  it('every answer to the commands of lives at random, first and repeated, and every event kept', async () => {
    const outcomes = new Set<string>();
    for (const life of fc.sample(anyLife, { seed: 20_261_121, numRuns: 40 })) {
      for (const record of life) expectConforming(record);
      const first = await answersTo(life);
      for (const { outcome, reason } of first) outcomes.add(reason ?? outcome);
      expect(await answersTo(life)).toEqual(first);
    }
    // Reaches far: whoever makes these lives tamer must make up for it here.
    expect(outcomes.size).toBeGreaterThan(20);
    for (const { type, data, metadata } of await everyEvent(store)) {
      expect(flawsBy(`events/${type}.json`, JSON.parse(data))).toEqual([]);
      expect(flawsBy('event-metadata.json', JSON.parse(metadata))).toEqual([]);
    }
  });

  it('every answer to records that are wrong, and their dead letters; invalid is what does not conform', async () => {
    const records = fc.sample(anyWrongRecord, { seed: 20_261_121, numRuns: 2_000 });
    const answers = await answersTo(records);
    const judged = records.map((record, index) => ({
      answer: answers[index]!,
      flaws: flawsOf(record),
    }));
    const decided = judged.filter(({ answer }) => answer.outcome !== 'invalid');
    expect(decided.length).toBeGreaterThan(100);
    expect(decided.filter(({ flaws }) => flaws.length > 0)).toEqual([]);
    const invalid = judged.filter(({ answer }) => answer.errors?.some(aSchemaSays));
    expect(invalid.length).toBeGreaterThan(500);
    expect(invalid.filter(({ flaws }) => flaws.length === 0)).toEqual([]);
  });

  it.each([
    ['a used command id', commandIdReused],
    ['a full history', historyFull],
    ['a broken stream', (command) => failedAnswer(command, 'stream_unusable')],
    ['a fault of ours', (command) => failedAnswer(command, 'internal_error')],
    ['a fact without room', (command) => failedAnswer(command, 'history_full')],
  ] satisfies [string, (command: ReturnType<typeof submitted>) => Decided][])(
    'the answer to a command and to a fact that meet %s',
    (_, answer) => {
      const [record] = fc.sample(anyLife, 1)[0]!;
      for (const payload of [capture('cap-1', 1), succeeded('cap-1')]) {
        expectConformingAnswer(record!, answer(submitted('auth-1', 'cmd-1', payload)));
      }
    },
  );
});
