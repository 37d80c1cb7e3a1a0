import type { Answer } from '#commands/answer.js';
import type { CommandType } from '#capture/commands.js';
import type { Authorization, Capture, Refund } from '#capture/authorization.js';
import { evolve, initialState } from '#capture/evolve.js';
import { keyOf } from '#capture/stream-name.js';
import { commandIn } from '#kafka/command-record.js';
import type { OutRecord } from '#kafka/records.js';
import { decode } from '#projections/fold-recorded.js';
import { startLedger } from '../kafka/consumer-under-test.js';
import type { LedgerUnderTest } from '../kafka/consumer-under-test.js';
import { inbound, recordsTo } from './heard.js';

const PAGE = 1_000;

/**
 * A real ledger and the connector, one behind the other without Kafka between them: what the ledger stores
 * the connector hears, and what it says the ledger takes.
 */
export class Loop {
  readonly ledger: LedgerUnderTest;
  readonly #late: OutRecord[] = [];
  #heard = 0;
  #asked = 0;

  constructor(ledger: LedgerUnderTest) {
    this.ledger = ledger;
  }

  static async start(): Promise<Loop> {
    return new Loop(await startLedger());
  }

  /** A command of the merchant's. */
  async ask(
    type: CommandType,
    authorizationId: string,
    said: Readonly<Record<string, unknown>>,
  ): Promise<Answer> {
    this.#asked += 1;
    const body = JSON.stringify({ authorizationId, ...said });
    const commandId = `asked-${this.#asked}`;
    return (await this.ledger.gateway.receive({ type, commandId, body })).answer;
  }

  /** The connector answers all that there is, and whatever comes of its answers; late successes are put by. */
  async hear(): Promise<void> {
    for (;;) {
      const events = await this.ledger.store.readAll(this.#heard, PAGE);
      if (events.length === 0) return;
      this.#heard = events.at(-1)!.position;
      const records = events.flatMap((event) => recordsTo(event));
      this.#late.push(...records.filter(({ isLate }) => isLate));
      await this.tell(records.filter(({ isLate }) => !isLate));
    }
  }

  /** Late successes are told, too. */
  async hearLate(): Promise<void> {
    await this.tell(this.#late.splice(0));
    await this.hear();
  }

  /** Hands records of the connector's to the ledger. @throws that it does not take one of them. */
  async tell(records: readonly OutRecord[]): Promise<void> {
    const decided = await Promise.all(
      records.map((record) => this.ledger.gateway.receive(commandIn(inbound(record)))),
    );
    const wrong = decided.find(({ answer }) => answer.outcome !== 'accepted');
    if (wrong) throw new Error(`not taken: ${JSON.stringify(wrong.answer)}`);
  }

  async authorization(authorizationId: string): Promise<Authorization> {
    const events = await this.ledger.store.readStream(`authorization-default/${authorizationId}`);
    return events.reduce((state, event) => evolve(state, decode(event)), initialState);
  }

  /** Its first capture. */
  async capture(authorizationId: string): Promise<Capture> {
    return (await this.authorization(authorizationId)).captures[0]!;
  }

  /** The first refund of its first capture. */
  async refund(authorizationId: string): Promise<Refund> {
    return (await this.capture(authorizationId)).refunds[0]!;
  }

  /** Every authorization that there is, by its id. */
  async authorizations(): Promise<ReadonlyMap<string, Authorization>> {
    const events = await this.ledger.store.readAll(0, Infinity);
    const ids = new Set(events.map(({ stream }) => keyOf(stream)!.authorizationId));
    const states = new Map<string, Authorization>();
    for (const id of ids) states.set(id, await this.authorization(id));
    return states;
  }

  /** The anomalies of an authorization, by kind. */
  async anomalies(authorizationId: string): Promise<readonly string[]> {
    const events = await this.ledger.store.readStream(`authorization-default/${authorizationId}`);
    return events
      .map((event) => decode(event))
      .flatMap((event) => (event.type === 'CaptureAnomalyDetected' ? [event.data.kind] : []));
  }
}
