import { GroupAbandoned } from '#kafka/command-source.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { Follower } from '../../apps/sandbox-connector/src/follower.js';
import { outcomesOf } from '../../apps/sandbox-connector/src/outcomes.js';
import { FakeGroup, FakeSink, FakeSource } from '../kafka/fake-kafka.js';
import { ManualClock, turn } from '../runtime/fixtures.js';
import { captureCreated, COMMANDS, onTopic, recorded, RECORDED_AT } from './heard.js';

/** A follower with a driver that does as it is told, and with time that passes as it is told. */
const follow = async (isLate: boolean, delayMs = 0) => {
  const [source, sink, clock] = [new FakeSource(), new FakeSink(), new ManualClock()];
  clock.advance(RECORDED_AT);
  const passedOver: string[] = [];
  const failed: Error[] = [];
  const follower = new Follower({
    source,
    sink,
    outcomesOf: (heard) => outcomesOf(heard).filter((outcome) => outcome.isLate === isLate),
    commandsTopic: COMMANDS,
    delayMs,
    clock,
    observer: {
      published: () => undefined,
      publishFailed: (error) => void failed.push(error),
      passedOver: (_at, why) => void passedOver.push(why),
    },
  });
  await follower.start();
  const hand = (records: readonly InboundRecord[]) => {
    const group = new FakeGroup(records);
    return { group, work: source.hand(group) };
  };
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      clock.advance(50);
      await turn();
    }
  };
  return { follower, sink, clock, hand, pass, passedOver, failed };
};

const created = (amount: number, recordedAt = RECORDED_AT): InboundRecord =>
  onTopic(recorded(captureCreated(amount), { recordedAt }));

const outcomesIn = (records: readonly OutRecord[]): readonly unknown[] =>
  records.map(({ value }) => (JSON.parse(String(value)) as { outcome: unknown }).outcome);

/** What a group was given back with; undefined where it was worked off. */
const endOf = (work: Promise<void>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a follower of the events', () => {
  it('says what is to be said in the order of the events, in one send', async () => {
    const { sink, hand, clock } = await follow(false);
    await hand([created(701), created(700), created(702)]).work;
    expect(sink.tried).toHaveLength(1);
    // Nobody beats on for a group that is worked off.
    expect(clock.waiting).toBe(0);
    expect(outcomesIn(sink.published)).toEqual(['declined', 'pending', 'succeeded', 'failed']);
  });

  it('says the same in the same bytes where the events come again, later', async () => {
    const { sink, hand, pass } = await follow(false);
    await hand([created(706)]).work;
    await pass(100_000);
    await hand([created(706)]).work;
    const [first, again] = [sink.published.slice(0, 3), sink.published.slice(3)];
    expect(first).toHaveLength(3);
    expect(again).toEqual(first);
  });

  it('passes over what it cannot read, and says the rest', async () => {
    const { sink, hand, passedOver } = await follow(false);
    const torn = { ...created(700), value: Buffer.from('{"capt') };
    const newer = onTopic(
      recorded({ ...captureCreated(700), type: 'Unheard' as 'CaptureCreated' }),
    );
    await hand([torn, newer, created(701)]).work;
    expect(outcomesIn(sink.published)).toEqual(['declined']);
    expect(passedOver).toEqual(['no JSON object', 'no type of event that this build knows']);
  });

  it('is done at once with events that ask for nothing', async () => {
    const { sink, hand } = await follow(false);
    const told = recorded({ type: 'CaptureSucceeded', data: { captureId: 'cap-1' } });
    await hand([onTopic(told)]).work;
    expect(sink.tried).toEqual([]);
  });

  it('sends again what was not acknowledged, and only then is done', async () => {
    const { sink, hand, pass, failed } = await follow(false);
    sink.before = () => Promise.reject(new Error('no broker'));
    let isDone = false;
    const { work } = hand([created(701)]);
    void work.then(() => (isDone = true));
    await pass(3_000);
    expect({ isDone, published: sink.published.length }).toEqual({ isDone: false, published: 0 });
    expect(failed.length).toBeGreaterThan(1);
    sink.before = () => Promise.resolve();
    await pass(1_000);
    await work;
    expect(outcomesIn(sink.published)).toEqual(['declined']);
  });

  it('gives a group back that is not its own any more', async () => {
    const { sink, hand, pass } = await follow(false);
    sink.before = () => Promise.reject(new Error('no broker'));
    const lost = new Error('the group is rebalancing');
    const { group, work } = hand([created(701)]);
    const ended = endOf(work);
    group.lose(lost);
    await pass(3_000);
    expect(await ended).toBe(lost);
    expect(sink.published).toEqual([]);
  });
});

describe('a follower that is late', () => {
  it('says nothing before its time, and keeps its partitions meanwhile', async () => {
    const { sink, hand, pass } = await follow(true, 5_000);
    const { group, work } = hand([created(705), created(700)]);
    await pass(4_900);
    expect(sink.tried).toEqual([]);
    expect(group.beats).toBeGreaterThanOrEqual(4);
    await pass(200);
    await work;
    expect(outcomesIn(sink.published)).toEqual(['succeeded']);
  });

  it('counts from the event, so that one that is old waits no more', async () => {
    const { sink, hand } = await follow(true, 5_000);
    await hand([created(705, RECORDED_AT - 5_000)]).work;
    expect(outcomesIn(sink.published)).toEqual(['succeeded']);
  });

  it('waits no longer where the clock of the ledger is ahead', async () => {
    const { sink, hand, pass } = await follow(true, 5_000);
    const { work } = hand([created(705, RECORDED_AT + 3_600_000)]);
    await pass(5_100);
    await work;
    expect(outcomesIn(sink.published)).toEqual(['succeeded']);
  });

  it('waits for nothing where nothing is late', async () => {
    const { sink, hand } = await follow(true, 5_000);
    await hand([created(700), created(703)]).work;
    expect(sink.tried).toEqual([]);
  });

  it('gives back what it waits for when it is to stop', async () => {
    const { sink, hand, pass } = await follow(true, 5_000);
    const { group, work } = hand([created(705)]);
    const ended = endOf(work);
    group.stop();
    await pass(300);
    expect(await ended).toBeInstanceOf(GroupAbandoned);
    expect(sink.tried).toEqual([]);
  });
});
