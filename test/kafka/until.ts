import { setTimeout } from 'node:timers/promises';

/** Milliseconds that a condition has to come true. */
const PATIENCE = 120_000;

/**
 * Waits until a condition holds. One that throws does not hold yet.
 *
 * @param what the condition in words, for the error: `the lag is 0`.
 * @throws {Error} when it did not hold within two minutes, with what it threw last.
 */
export const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> => {
  await untilAnswered(what, async () => {
    if (!(await condition())) throw new Error(`not yet: ${what}`);
  });
};

/** Asks again until there is an answer, and gives it; as `until` otherwise. */
export const untilAnswered = async <Answer>(
  what: string,
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  const latest = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (Date.now() > latest) throw new Error(`it never came true: ${what}`, { cause });
    }
    await setTimeout(20);
  }
};
