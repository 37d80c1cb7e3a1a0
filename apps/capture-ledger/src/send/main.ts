// `npm run send -- FILE.ndjson`: commands from a file to a ledger. What a file looks like: examples/commands.
import { Command, InvalidArgumentError } from 'commander';
import { readConfiguration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import { endInTrouble } from '#runtime/trouble.js';
import { overHttp, overKafka } from './destination.js';
import { runSend } from './send-run.js';

/** Ended by SIGINT, as shells say it. */
const INTERRUPTED = 130;
/** Ctrl-C under npm reaches the process twice, from the terminal and from npm: within this time it is one. */
const SAME_SIGNAL_MS = 500;

const wholeNumber = (text: string): number => {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 1024) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
};

const id = (text: string): string => {
  if (/^[A-Za-z0-9._:~-]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 128 characters of A-Z a-z 0-9 . _ : ~ -');
};

const address = (text: string): URL => {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' && url.pathname === '/' && !url.search) return url;
  throw new InvalidArgumentError('It must be like http://127.0.0.1:8080');
};

type Options = Readonly<{ url: URL; kafka?: true; concurrency: number; merchant: string }>;

const program = new Command('send')
  .description('Sends the commands of a file, one a line as JSON, and tells what became of them.')
  .argument('<file>', 'such as examples/commands/case-01-captures-in-parts.ndjson')
  .option('--url <url>', 'the ledger', address, new URL('http://127.0.0.1:8080'))
  .option('--kafka', 'over Kafka instead of HTTP; KAFKA_BROKERS names the brokers')
  .option('--concurrency <number>', 'commands under way at once', wholeNumber, 64)
  .option('--merchant <id>', 'merchant account of commands that name none', id, 'default')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))
  .action(async (path: string, { url, kafka, concurrency, merchant }: Options) => {
    const to = kafka
      ? overKafka(readConfiguration(process.env), systemClock)
      : overHttp(url, concurrency);
    const stop = new AbortController();
    stopOnSignal(stop);
    const run = { path, to, concurrency, merchantAccountId: merchant, clock: systemClock, stop };
    process.exitCode = (await runSend(run)) ? exitCodes.ok : INTERRUPTED;
  });

/** The first signal stops in order, another one at once: what was sent twice is decided once. */
const stopOnSignal = (stop: AbortController): void => {
  let since: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      since ??= performance.now();
      if (performance.now() - since > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
      stop.abort();
    });
  }
};

await program.parseAsync().catch(endInTrouble);
