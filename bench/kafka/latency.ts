// How long an answer takes at a steady rate, heard by a stranger with plain kafkajs.
import { setTimeout } from 'node:timers/promises';
import { Partitioners } from 'kafkajs';
import type { Kafka, Message } from 'kafkajs';
import { next } from './workload.ts';

export type Latency = Readonly<{ p50: number; p99: number }>;

/** Milliseconds between two sends. */
const EVERY = 5;

/** Milliseconds from a command's being sent to its answer's being there. The first second does not count. */
export const latencyOf = async (
  kafka: Kafka,
  {
    from,
    to,
    perSecond,
    seconds,
    messages,
    idsOf,
  }: Readonly<{
    from: string;
    to: string;
    perSecond: number;
    seconds: number;
    messages: Generator<Message>;
    /** The ids of the commands that a record is for, among others that are not waited for any more. */
    idsOf: (
      record: Readonly<{ headers?: Message['headers']; value: Buffer | null }>,
    ) => readonly string[];
  }>,
): Promise<Latency> => {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const consumer = kafka.consumer({ groupId: `latency-${Date.now()}`, maxWaitTimeInMs: 100 });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await consumer.connect();
  await producer.connect();
  await consumer.subscribe({ topic: to, fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    eachBatch: async ({ batch }) => {
      const now = performance.now();
      for (const answer of batch.messages) {
        for (const id of idsOf(answer)) {
          const since = sentAt.get(id);
          if (since !== undefined) took.push(now - since);
          sentAt.delete(id);
        }
      }
    },
  });
  await joined;
  await setTimeout(500);
  const started = performance.now();
  let sent = 0;
  while (performance.now() - started < (seconds + 1) * 1_000) {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1_000);
    const batch = next(Math.max(0, due - sent), messages);
    sent = due;
    const now = performance.now();
    if (now - started > 1_000)
      for (const { headers } of batch) sentAt.set(String(headers!['ce_id']), now);
    if (batch.length > 0) void producer.send({ topic: from, messages: batch });
    await setTimeout(EVERY);
  }
  for (let waited = 0; sentAt.size > 0 && waited < 10_000; waited += 50) await setTimeout(50);
  await Promise.all([consumer.disconnect(), producer.disconnect()]);
  if (sentAt.size > 0) throw new Error(`${sentAt.size} commands were not answered on ${to}`);
  took.sort((one, other) => one - other);
  return { p50: took[took.length >> 1]!, p99: took[Math.floor(took.length * 0.99)]! };
};
