import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '#runtime/configuration.js';
import { expectThat } from './expectation.js';
import type { Told } from './ledger-without-answers.js';
import type { SentCommand } from './sent-command.js';

/** Longer than any of it takes: a demo that hangs shows nothing. */
const WITHIN_MS = 30_000;

/**
 * Has a command sent to a ledger in a process of its own, and kills that process with SIGKILL when the
 * append is durable and nothing has been answered.
 *
 * @param send sends it, to that ledger's address or by a way of its own.
 * @returns the revision of what the process had appended.
 * @throws {Trouble} the process did not come so far.
 */
export const killBeforeAnswer = async (
  env: Environment,
  send: (url: string) => void,
): Promise<number> => {
  const child = fork(new URL('ledger-without-answers.js', import.meta.url), { env });
  const ended = once(child, 'exit').then(([code, signal]) => String(code ?? signal));
  try {
    const ready = await toldBy(child, ended);
    expectThat('url' in ready, 'an address', ready);
    send(ready.url);
    const appended = await toldBy(child, ended);
    expectThat('appendedRevision' in appended, 'an append', appended);
    child.kill('SIGKILL');
    const how = await ended;
    expectThat(how === 'SIGKILL', 'a process that ended by SIGKILL', how);
    return appended.appendedRevision;
  } finally {
    child.kill('SIGKILL');
  }
};

const toldBy = async (child: ChildProcess, ended: Promise<string>): Promise<Told> => {
  const told = once(child, 'message', { signal: AbortSignal.timeout(WITHIN_MS) });
  const first = await Promise.race([told, ended]);
  expectThat(typeof first !== 'string', 'a word from the process', first);
  return first[0] as Told;
};

/** Over HTTP: the text of the answer; undefined where the connection broke first. */
export const post = async (
  url: string,
  { type, commandId, body }: SentCommand,
): Promise<string | undefined> => {
  try {
    const response = await fetch(new URL(`/v1/commands/${type}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': commandId },
      body,
    });
    return await response.text();
  } catch {
    return undefined;
  }
};
