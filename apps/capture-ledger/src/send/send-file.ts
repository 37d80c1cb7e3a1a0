import type { FileHandle } from 'node:fs/promises';
import { AuthorizationLanes } from './authorization-lanes.js';
import type { CommandSink } from './command-sink.js';
import { linesOf } from './file-lines.js';
import type { FileLine } from './file-lines.js';
import { commandOf } from './outgoing-command.js';
import type { Sending } from './sending.js';

export type SendFile = Readonly<{
  file: FileHandle;
  /** Where it begins, and where it says how far it has come. */
  sending: Sending;
  sink: CommandSink;
  /** Commands under way at once. */
  concurrency: number;
  /** Of commands that do not name one. */
  merchantAccountId: string;
  stop: AbortController;
}>;

/**
 * Sends the commands of a file, those of one authorization one after another. Resolves when nothing is
 * under way any more: all is sent, or `stop` was aborted, by the caller or, with its error as the
 * reason, because the sink gave up.
 */
export const sendFile = async (told: SendFile): Promise<void> => {
  const { file, sending, sink, concurrency, merchantAccountId, stop } = told;
  const lanes = new AuthorizationLanes(concurrency, stop.signal);
  for await (const line of linesOf(file, sending.place)) {
    await sending.room();
    if (stop.signal.aborted) break;
    const settle = sending.begin(line);
    const command = commandIn(line, merchantAccountId);
    if (typeof command === 'string') {
      settle({ outcome: 'not_sent', reason: command, repeat: false });
      continue;
    }
    lanes.add(command.authorization, () =>
      sink.send(command).then(settle, (error: unknown) => stop.abort(error)),
    );
  }
  await lanes.drained();
};

const commandIn = ({ bytes }: FileLine, merchantAccountId: string) =>
  bytes === undefined ? 'line_too_long' : commandOf(bytes, merchantAccountId);
