import type { Decided } from '#commands/answer.js';
import { deadLetterOf } from '#kafka/dead-letter.js';
import { readLetter } from '#kafka/kept-letter.js';
import type { InboundRecord } from '#kafka/records.js';
import { Replay } from '#kafka/replay.js';
import type { Places } from '#kafka/replay.js';
import { invalidAnswerTo } from './answered.js';
import { aCapture, binaryMode, CARD, plainly, recordOf, structuredMode } from './sent-record.js';

const COMMANDS = 'capture.commands.v1';

/** Dead letters as they are read: what was refused is put behind what is there. */
class Pile {
  readonly letters: InboundRecord[] = [];

  /** @param decided what became of the record. */
  put(record: InboundRecord, decided: Decided, reason = decided.deadLetter!): void {
    const { key, value, headers } = deadLetterOf(record, decided, reason, 'letters');
    const sent = { key: key as Buffer | null, value: value as Buffer | null };
    const letter = recordOf({ ...sent, headers });
    this.letters.push({ ...letter, partition: 1, offset: BigInt(this.letters.length) });
  }

  async refuse(...records: readonly InboundRecord[]): Promise<void> {
    for (const record of records) this.put(record, await invalidAnswerTo(record));
  }

  /** Refuses all that is sent again, but what is mended. */
  async replay(
    replayed: Places,
    { again = false, mended = '' }: Readonly<{ again?: boolean; mended?: string }> = {},
  ): Promise<Replay> {
    const replay = new Replay({ reason: 'invalid', topic: COMMANDS, replayed, again });
    for (const letter of this.letters.slice()) {
      const out = replay.take(letter);
      if (!out) continue;
      const { key, value, headers } = out as Required<InboundRecord & typeof out>;
      const record = { ...letter, key, value, headers: new Map(Object.entries(headers)) };
      if (String(value) !== mended) await this.refuse(record as InboundRecord);
    }
    return replay;
  }
}

const NOTHING: Places = new Map();
const one = recordOf({ value: 'one', headers: { ce_id: 'c1' } });
const two = recordOf({ value: 'two', headers: { ce_id: 'c2' } });

describe('a replay', () => {
  it('sends what came since the last one, so that the pile never doubles', async () => {
    const pile = new Pile();
    await pile.refuse(one, two);
    const first = await pile.replay(NOTHING);
    expect(first.counts).toEqual({ sent: 2, earlier: 0, withheld: 0 });
    expect(first.through).toEqual(new Map([[1, 2n]]));
    const second = await pile.replay(first.through);
    expect(second.counts).toEqual({ sent: 2, earlier: 0, withheld: 0 });
    const third = await pile.replay(second.through);
    expect(third.counts).toEqual({ sent: 2, earlier: 0, withheld: 0 });
    expect(pile.letters).toHaveLength(8);
  });

  it('sends nothing once more that was not refused again', async () => {
    const pile = new Pile();
    await pile.refuse(one, two);
    const first = await pile.replay(NOTHING, { mended: 'one' });
    const second = await pile.replay(first.through);
    expect(second.counts).toEqual({ sent: 1, earlier: 1, withheld: 0 });
  });

  it('sends a record once, however often it is in the pile', async () => {
    const pile = new Pile();
    await pile.refuse(one, one, two, one);
    const { counts, through } = await pile.replay(NOTHING);
    expect(counts).toEqual({ sent: 2, earlier: 0, withheld: 0 });
    expect(through).toEqual(new Map([[1, 4n]]));
    expect(pile.letters).toHaveLength(6);
    const again = await pile.replay(through, { again: true });
    expect(again.counts).toEqual({ sent: 2, earlier: 0, withheld: 0 });
    expect(pile.letters).toHaveLength(8);
  });

  it('takes records for another where only a header differs', async () => {
    const pile = new Pile();
    await pile.refuse(one, recordOf({ value: 'one', headers: { ce_id: 'c3' } }));
    expect((await pile.replay(NOTHING)).counts.sent).toBe(2);
  });

  it('with --again goes no place back where it is stopped early', async () => {
    const pile = new Pile();
    await pile.refuse(one);
    const replayed = new Map([[1, 7n]]);
    const again = await pile.replay(replayed, { again: true });
    expect(again.counts.sent).toBe(1);
    expect(again.through).toEqual(replayed);
  });

  it('passes over other reasons, and counts what is not kept', async () => {
    const pile = new Pile();
    await pile.refuse(recordOf({ value: CARD }));
    pile.put(one, { answer: { outcome: 'failed' }, repeat: false }, { reason: 'stream_unusable' });
    const { counts, through } = await pile.replay(NOTHING);
    expect(counts).toEqual({ sent: 0, earlier: 0, withheld: 1 });
    expect(through).toEqual(new Map([[1, 2n]]));
  });
});

describe('a dead letter', () => {
  it.each<[string, InboundRecord]>([
    ['headers', binaryMode(aCapture({ amount: 0 }))],
    ['the attributes of an event', structuredMode(aCapture({ amount: 0 }))],
    ['the value', plainly(aCapture({ amount: 0 }))],
  ])('says what its sender called it, by %s', async (_, record) => {
    const pile = new Pile();
    await pile.refuse(record);
    const names = { commandId: 'cmd-1', commandType: 'CreateCapture' };
    expect(readLetter(pile.letters[0]!)).toMatchObject(names);
  });

  it('of which nothing is kept has no name', async () => {
    const pile = new Pile();
    await pile.refuse(structuredMode(aCapture({ deviceIp: '12.7.8.120' })));
    expect(readLetter(pile.letters[0]!)).toMatchObject({
      commandId: undefined,
      commandType: undefined,
      record: undefined,
    });
  });

  it('that came without key and value can be sent again by its headers', async () => {
    const pile = new Pile();
    await pile.refuse(recordOf({ key: null, value: null, headers: { ce_id: 'c1' } }));
    expect(readLetter(pile.letters[0]!).record).toBeDefined();
  });
});
