// Commands of sales on a topic, each about an authorization chosen at random of those that are open.
import { Partitioners } from 'kafkajs';
import type { Kafka, Message } from 'kafkajs';
import { commandsOfASale } from '../sale.ts';

/** Authorizations that are open at a time. */
const OPEN = 5_000;

const BATCH = 2_000;

let random = 1;

/** A number from 0 to `below`, the same ones in every run. */
const anyOf = (below: number): number => {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((random / 2 ** 32) * below);
};

export const messagesOfASale = (sale: string, replyTopic: string): Message[] =>
  commandsOfASale(sale).map(({ type, commandId, authorizationId, body }, index) => ({
    key: authorizationId,
    value: body,
    headers: {
      ce_specversion: '1.0',
      ce_id: commandId,
      ce_type: type,
      ce_source: '/shop',
      'content-type': 'application/json',
      // Read by Nest's transport, which replies to nothing else.
      ...(replyTopic !== '' && {
        kafka_replyTopic: replyTopic,
        kafka_correlationId: `${sale}-${index}`,
      }),
    },
  }));

/** Commands in the order in which they are sent: of each authorization in theirs, all others in between. */
export function* commands(name: string, replyTopic = ''): Generator<Message> {
  let sales = 0;
  const fresh = (): Message[] => messagesOfASale(`${name}-${sales++}`, replyTopic);
  const open = Array.from({ length: OPEN }, fresh);
  for (;;) {
    const place = anyOf(OPEN);
    const next = open[place]!.shift()!;
    if (open[place]!.length === 0) open[place] = fresh();
    yield next;
  }
}

/** The next `count` commands. */
export const next = (count: number, all: Generator<Message>): Message[] =>
  // Not `take`: it would end the generator.
  Array.from({ length: count }, () => all.next().value as Message);

/** Writes `count` commands to `topic`. */
export const fill = async (
  kafka: Kafka,
  topic: string,
  count: number,
  all: Generator<Message>,
): Promise<void> => {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let sent = 0; sent < count; sent += BATCH) {
    const messages = next(Math.min(BATCH, count - sent), all);
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
};
