// A real broker for this machine: `npm run kafka`. Whoever starts it with a channel (`fork`) is told its
// address over it, and when that process is gone, the broker goes too.
import { Command, InvalidArgumentError } from 'commander';
import { brokerEnded, startBroker } from './broker.ts';
import { exitCodes, KafkaTrouble } from './trouble.ts';

const portOf = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
};

const run = async ({ port, data }: { port: number; data?: string }): Promise<void> => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.channel) process.once('disconnect', stop);

  const broker = await startBroker({ port, data }, stopping.signal).catch((error: unknown) => {
    // Stopped before it was ready, it has ended as it was asked to.
    if (stopping.signal.aborted) process.exit(exitCodes.ok);
    throw error;
  });
  if (process.connected) process.send?.({ address: broker.address });
  process.stdout.write(
    `Kafka listens on ${broker.address}   on ${broker.runsOn}   ` +
      `records in ${data ?? 'a throw-away folder'}   Ctrl-C stops it\n`,
  );
  const said = await broker.ended;
  if (!stopping.signal.aborted) throw brokerEnded('Kafka has ended', said);
};

const inTrouble = (error: unknown): never => {
  if (!(error instanceof KafkaTrouble)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(error.exitCode);
};

await new Command('npm run kafka --')
  .description(
    'Starts a Kafka broker on this machine, for trying out and for tests: in Docker, else on Java.',
  )
  .option('--port <number>', 'where it listens on 127.0.0.1; 0: any free port', portOf, 9092)
  .option('--data <folder>', 'keep its records there; without, they go when it stops')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))
  .action(run)
  .parseAsync()
  .catch(inTrouble);
process.exit(exitCodes.ok);
