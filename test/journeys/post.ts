import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { SentCommand } from './sent-command.js';

/** A whole answer. */
export type Heard = Readonly<{
  status: number;
  repeat: boolean;
  /** All of it that must be the same for ever: status, headers about what was decided, bytes. */
  said: string;
  /** A character for each byte. */
  body: string;
}>;

/** `silence`: the connection ended before a byte of an answer had come; `torn`: after some had. */
export type Reply = Heard | 'silence' | 'torn';

/** Sends a command over one of the agent's connections. Never rejects. */
export const post = (agent: Agent, url: string, command: SentCommand): Promise<Reply> =>
  new Promise((resolve) => {
    const asked = request(`${url}/v1/commands/${command.type}`, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': command.commandId,
        // It is recorded: no two copies are the same to the letter, as those of two senders are not.
        traceparent: `00-${randomBytes(16).toString('hex')}-0000000000000001-01`,
      },
    });
    let readBefore = 0;
    asked.once('socket', ({ bytesRead }) => (readBefore = bytesRead));
    asked.once('error', () => {
      const read = asked.socket?.bytesRead ?? 0;
      resolve(read > readBefore ? 'torn' : 'silence');
    });
    asked.once('response', (response) => {
      heardIn(response).then(resolve, () => resolve('torn'));
    });
    asked.end(command.body);
  });

const heardIn = async (response: IncomingMessage): Promise<Heard> => {
  const body = (await buffer(response)).toString('latin1');
  const { statusCode: status = 0, headers } = response;
  const { 'content-type': type, etag, location } = headers;
  const repeat = headers['ledger-repeat'] === 'true';
  return { status, repeat, said: JSON.stringify([status, type, etag, location, body]), body };
};
