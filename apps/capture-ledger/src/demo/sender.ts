// Another service, as the demo has it over Kafka: it sends the commands that its parent hands it, and hands
// back what it is answered.
import type { Answer } from '#commands/answer.js';
import { readConfiguration } from '#runtime/configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { endInTrouble } from '#runtime/trouble.js';
import { KafkaCaller } from '../kafka-caller.js';
import type { SentCommand } from './sent-command.js';

/** What this process is told. */
export type Ask = Readonly<{ number: number; command: SentCommand }>;

/** What it tells: that it is ready, then each answer. */
export type Heard = 'ready' | Readonly<{ number: number; answer: Answer; repeat: boolean }>;

const SOURCE = '/demo-shop';

const tell = (heard: Heard): void => {
  process.send?.(heard);
};

const forEver = new AbortController().signal;

const { kafka } = readConfiguration(process.env);
if (!kafka) throw new Error('the demo has not named a broker');
const caller = new KafkaCaller(kafka, systemClock);

// Whoever started it has gone: nobody is left to hear the answers.
process.on('disconnect', () => void caller.close().finally(() => process.exit()));
process.on('message', ({ number, command }: Ask) => {
  const { authorizationId } = JSON.parse(command.body) as { authorizationId: string };
  caller
    .ask({ ...command, authorizationId, source: SOURCE }, forEver)
    .then(({ answer, repeat }) => tell({ number, answer, repeat }), endInTrouble);
});

await caller.open().catch(endInTrouble);
tell('ready');
