import { StreamQueues } from '#commands/stream-queues.js';

/** Queues of which each group is worked on until it is let go. */
const held = () => {
  const groups: { stream: string; items: readonly string[]; done: () => void }[] = [];
  const queues = new StreamQueues<string>((stream, items) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    groups.push({ stream, items, done: resolve });
    return promise;
  });
  return { queues, groups };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('What waits for a stream', () => {
  it('is given back whole and in order; what is being worked on is not', async () => {
    const { queues, groups } = held();
    queues.add('a', '1');
    await turn();
    for (const item of ['2', '3', '4']) queues.add('a', item);
    queues.add('b', '5');
    expect(queues.takeWaiting('a')).toEqual(['2', '3', '4']);
    await turn();
    expect(groups.map(({ stream, items }) => [stream, items])).toEqual([
      ['a', ['1']],
      ['b', ['5']],
    ]);
  });

  it('is nothing where nobody works on it, and where it was given back before', async () => {
    const { queues } = held();
    expect(queues.takeWaiting('unknown')).toEqual([]);
    queues.add('a', '1');
    await turn();
    queues.add('a', '2');
    expect(queues.takeWaiting('a')).toEqual(['2']);
    expect(queues.takeWaiting('a')).toEqual([]);
  });

  it('does not come any more once it was given back, and what comes later does', async () => {
    const { queues, groups } = held();
    queues.add('a', '1');
    await turn();
    queues.add('a', '2');
    queues.takeWaiting('a');
    queues.add('a', '3');
    groups[0]!.done();
    await turn();
    expect(groups.map(({ items }) => items)).toEqual([['1'], ['3']]);
    groups[1]!.done();
    await queues.drained();
    expect(queues.busy).toBe(0);
  });

  it('leaves a queue that ends, and begins again', async () => {
    const { queues, groups } = held();
    queues.add('a', '1');
    await turn();
    queues.add('a', '2');
    queues.takeWaiting('a');
    groups[0]!.done();
    await queues.drained();
    queues.add('a', '3');
    await turn();
    expect(groups.map(({ items }) => items)).toEqual([['1'], ['3']]);
  });
});
