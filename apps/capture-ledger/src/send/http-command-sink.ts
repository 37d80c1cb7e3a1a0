import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble } from '#runtime/trouble.js';
import { NoAnswer } from './command-sink.js';
import type { Answered, CommandSink } from './command-sink.js';
import type { OutgoingCommand } from './outgoing-command.js';

/** A ledger that says nothing for so long has lost the request, or its store hangs. */
const ANSWER_WITHIN_MS = 30_000;

/** A response's body: an answer, or a problem of RFC 9457. */
type Body = Readonly<{
  outcome?: unknown;
  code?: unknown;
  errors?: readonly Readonly<Record<string, unknown>>[];
}>;

/** Sends each command to `POST /v1/commands/{type}` of a ledger, over connections that are kept. */
export class HttpCommandSink implements CommandSink {
  /** A restart takes a few seconds. */
  readonly awayMax = 30_000;
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: URL, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws {Trouble} who answers is no ledger. */
  async send(command: OutgoingCommand): Promise<Answered> {
    const response = await this.#post(command);
    const text = await textOf(response);
    const repeat = response.headers['ledger-repeat'] === 'true';
    const body = bodyOf(text);
    if (!body) throw this.#noLedger(response);
    return answeredBy(response.statusCode ?? 0, body, repeat);
  }

  close(): void {
    this.#agent.destroy();
  }

  #post({ type, commandId, merchantAccountId, body }: OutgoingCommand): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const posted = request(new URL(`/v1/commands/${type}`, this.#url), {
        method: 'POST',
        agent: this.#agent,
        timeout: ANSWER_WITHIN_MS,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'idempotency-key': commandId,
          ...(merchantAccountId !== undefined && { 'x-merchant-account-id': merchantAccountId }),
        },
      });
      posted.on('timeout', () => posted.destroy(new Error(`silent for ${ANSWER_WITHIN_MS} ms`)));
      posted.on('error', (error) => reject(new NoAnswer(error)));
      posted.on('response', resolve);
      posted.end(body);
    });
  }

  #noLedger({ statusCode }: IncomingMessage): Trouble {
    return new Trouble({
      what: `Who answers at ${this.#url.origin} is no capture ledger`,
      cause: `status ${statusCode}, and no answer of ours in it`,
      cures: [{ command: 'npm run send -- FILE --url URL', effect: 'sends to another address' }],
      exitCode: exitCodes.unreachable,
    });
  }
}

const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new NoAnswer(error);
  }
  return Buffer.concat(chunks).toString();
};

const bodyOf = (text: string): Body | undefined => {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return undefined;
    return 'outcome' in body || 'code' in body ? body : undefined;
  } catch {
    return undefined;
  }
};

const answeredBy = (status: number, body: Body, repeat: boolean): Answered => {
  if (status < 300) return { outcome: 'accepted', repeat };
  const reason = typeof body.code === 'string' ? body.code : String(status);
  if (status === 409 || status === 422) return { outcome: 'rejected', reason, repeat };
  if (status < 500) return { outcome: 'invalid', reason, flaws: flawsOf(body), repeat };
  // Trouble of this one authorization says so; any other is the ledger's.
  const failed: Answered = { outcome: 'failed', reason, repeat };
  throw new NoAnswer(
    `the ledger says ${reason}`,
    reason === 'store_unavailable' ? undefined : failed,
  );
};

const flawsOf = ({ errors = [] }: Body): string =>
  errors
    .map(({ pointer, header, message }) => `${String(pointer ?? header)} ${String(message)}`)
    .join('; ');
