import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a sender finds its ledger. */
export type Ledger = Readonly<{ brokers: string; topicPrefix: string }>;

/**
 * Runs a sender of docs/messages as its reader would, and gives what it printed.
 *
 * @throws {Error} it ended with another exit code than 0; with what it said.
 */
export const runSender = async (
  command: string,
  args: readonly string[],
  { brokers, topicPrefix }: Ledger,
): Promise<string> => {
  const { stdout } = await run(command, args, {
    env: { ...process.env, KAFKA_BROKERS: brokers, LEDGER_KAFKA_TOPIC_PREFIX: topicPrefix },
  });
  return stdout;
};
