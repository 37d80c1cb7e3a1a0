// Consumers that are broken on purpose, each in one place: one part of the real one is played otherwise.
import type { Decided } from '#commands/answer.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import type { AroundConsumer } from '../surroundings.js';

/** Offset before append: a group counts as worked off as soon as it is taken, and so is committed. */
export const committingFirst: AroundConsumer = ({ source }) => ({
  source: {
    start: (work) =>
      source.start(async (group) => {
        work(group).catch(() => undefined);
      }),
    lag: () => source.lag(),
    stop: () => source.stop(),
  },
});

/** Answers are sent, and nobody waits until they are written. */
export const publishingBlindly: AroundConsumer = ({ sink }) => ({
  sink: {
    publish: async (...published) => {
      sink.publish(...published).catch(() => undefined);
    },
    close: () => sink.close(),
  },
});

/** What cannot be decided now becomes a dead letter, so that nothing is held up. */
export const puttingAside: AroundConsumer = ({ answer }) => ({
  answer: (incoming) => answer(incoming).catch(() => aside),
});

const aside: Decided = {
  answer: { outcome: 'failed', reason: 'internal_error' },
  repeat: false,
  deadLetter: { reason: 'internal_error' },
};

/** Each command is tried again by itself, and whichever comes first is decided first. */
export const retryingOneByOne: AroundConsumer = ({ answer, clock }) => {
  const insist = (incoming: IncomingCommand): Promise<Decided> =>
    answer(incoming).catch(async () => {
      await clock.wait(clock.random() * 100);
      return insist(incoming);
    });
  return { answer: insist };
};

/** What is no JSON is thrown at whoever handed it over. */
export const throwingAtPoison: AroundConsumer = ({ answer }) => ({
  answer: async (incoming) => {
    JSON.parse(String(incoming.body));
    return answer(incoming);
  },
});
