import type { AuthorizationCommand, CommandType, Fact, PayloadOf } from '#capture/commands.js';
import type { Random, Weighted } from './random.ts';

/** A command as it leaves its sender: when, in milliseconds since 1970, and its line of the file. */
export type Sent = Readonly<{ sentAt: number; isFact: boolean; line: string }>;

/** What a sender says of a command of this type, apart from what every command carries. */
type Said<Type extends CommandType> = Omit<
  PayloadOf<Extract<AuthorizationCommand, { type: Type }>>,
  'type' | (Type extends 'CancelCapture' ? 'refundId' : never)
>;

const SECOND = 1000;

/** In minor units: what things cost in this shop, and in what steps. */
const prices: Weighted<Readonly<{ currency: string; step: number; least: number; most: number }>> =
  [
    [45, { currency: 'EUR', step: 5, least: 100, most: 8000 }],
    [30, { currency: 'USD', step: 1, least: 499, most: 39_999 }],
    [10, { currency: 'JPY', step: 10, least: 30, most: 6000 }],
    [10, { currency: 'COP', step: 10_000, least: 100, most: 9000 }],
    [5, { currency: 'KWD', step: 50, least: 10, most: 1800 }],
  ];

/** What happens to one authorization, as those who take part in it tell it. */
export class Story {
  readonly random: Random;
  readonly authorizationId: string;
  readonly currency: string;
  /** Of the order, in minor units. */
  readonly amount: number;
  readonly sent: Sent[] = [];
  #now: number;

  constructor(random: Random, authorizationId: string, begins: number) {
    this.random = random;
    this.authorizationId = authorizationId;
    this.#now = begins;
    const { currency, step, least, most } = random.pickWeighted(prices);
    this.currency = currency;
    this.amount = step * random.between(least, most);
  }

  /** The id of the story's nth capture: c1, c2 …; of its nth refund: r1, r2 … */
  id(name: string): string {
    return `${this.authorizationId}.${name}`;
  }

  get now(): string {
    return new Date(this.#now).toISOString();
  }

  /** Some time goes by, in seconds. */
  pass(least: number, most: number): void {
    this.#now += this.random.between(least * SECOND, most * SECOND);
  }

  /** A command of the shop, now. */
  command<Type extends Exclude<CommandType, Fact['type']>>(type: Type, said: Said<Type>): void {
    this.send(type, said);
  }

  /** What the connector tells of something that happened now; it takes a moment to get here. */
  fact<Type extends Fact['type']>(type: Type, said: Omit<Said<Type>, 'occurredAt'>): void {
    const occurredAt = this.now;
    this.pass(1, 4);
    this.#send(type, { ...said, occurredAt }, this.#nextCommandId(), true);
  }

  /** A command as somebody may write it who got it wrong, under an id that may have been used. */
  send(type: string, said: object, commandId = this.#nextCommandId()): void {
    this.#send(type, said, commandId, false);
  }

  #send(type: string, said: object, commandId: string, isFact: boolean): void {
    const { authorizationId, now: issuedAt } = this;
    const line = JSON.stringify({ type, commandId, authorizationId, issuedAt, ...said });
    this.sent.push({ sentAt: this.#now, isFact, line });
  }

  #nextCommandId(): string {
    return `${this.authorizationId}:${this.sent.length + 1}`;
  }
}

/** What happens to an authorization, from its first command to its last. */
export type Course = (story: Story) => void;
