import type { CommandType } from '#capture/commands.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { Answer, Decided } from '#commands/answer.js';
import { toMajorUnits } from '#dialects/amounts.js';
import { expectThat } from './expectation.js';
import { lineOf, money } from './narration.js';
import type { Told } from './narration.js';
import { newCommand } from './sent-command.js';
import type { SentCommand } from './sent-command.js';
import type { Shop } from './shop.js';

export const CURRENCY = 'EUR';

/** A command of the demo, and how it is told. */
type Act = Readonly<{
  /** What only leads up to a step has no number. */
  step?: number;
  type: CommandType;
  about: string;
  said: Readonly<{ amount?: number } & Record<string, unknown>>;
  /** What it says; left out, its amount. */
  how?: string;
}>;

type Heard = Readonly<{ sent: SentCommand; answer: Answer; milliseconds: number }>;

/** Where the demo sends its commands, one after another, and checks and tells what becomes of each. */
export class Stage {
  readonly #shop: Shop;
  readonly #key: AuthorizationKey;
  readonly #say: (line: string) => void;
  /** Of the authorization: each decision adds one. */
  #revision = -1;

  constructor(shop: Shop, key: AuthorizationKey, say: (line: string) => void) {
    this.#shop = shop;
    this.#key = key;
    this.#say = say;
  }

  async accepted(act: Act, result = 'accepted'): Promise<Heard> {
    const heard = await this.#decided(act, 'accepted');
    this.#tell(act, { ...heard, what: act.type, result, note: revOf(heard) });
    return heard;
  }

  /** What the connector reports is recorded, whatever it is. */
  async connectorSays(act: Act): Promise<void> {
    const heard = await this.#decided(act, 'accepted');
    this.#tell(act, { ...heard, what: 'connector says', result: 'recorded', note: revOf(heard) });
  }

  async refused(act: Act, reason: string): Promise<void> {
    const heard = await this.#decided(act, 'rejected');
    const { answer } = heard;
    const left = answer.details?.['left'];
    expectThat(answer.reason === reason && typeof left === 'number', reason, answer);
    const note = `${reason} (${toMajorUnits(left, CURRENCY)} left)`;
    this.#tell(act, { ...heard, what: act.type, result: 'refused', note });
  }

  /** The same command once more: the answer must be the same, byte for byte. */
  async again(step: number, about: string, { sent, answer }: Heard): Promise<void> {
    const { decided, milliseconds } = await this.#send(sent);
    const same = decided.repeat && JSON.stringify(decided.answer) === JSON.stringify(answer);
    expectThat(same, `the answer ${JSON.stringify(answer)} again`, decided);
    const act = { step, type: sent.type, about, said: {}, how: 'sent again, same id' };
    this.#tell(act, { what: sent.type, result: 'the same answer', milliseconds });
  }

  async #decided(act: Act, outcome: Answer['outcome']): Promise<Heard> {
    const sent = newCommand(this.#key, act.type, act.said);
    const { decided, milliseconds } = await this.#send(sent);
    const { answer, repeat } = decided;
    this.#revision += 1;
    const asExpected = answer.outcome === outcome && answer.revision === this.#revision && !repeat;
    expectThat(asExpected, `${outcome} at revision ${this.#revision}`, decided);
    return { sent, answer, milliseconds };
  }

  async #send(
    sent: SentCommand,
  ): Promise<Readonly<{ decided: Pick<Decided, 'answer' | 'repeat'>; milliseconds: number }>> {
    const since = performance.now();
    const decided = await this.#shop.send(sent);
    return { decided, milliseconds: performance.now() - since };
  }

  #tell({ step, about, said, how }: Act, told: Omit<Told, 'about' | 'how'>): void {
    const asked = how ?? money(said.amount ?? 0, CURRENCY);
    this.#say(lineOf({ ...told, step, about, how: asked }));
  }
}

const revOf = ({ answer }: Heard): string => `rev ${answer.revision}`;
