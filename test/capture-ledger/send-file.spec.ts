import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answered } from '../../apps/capture-ledger/src/send/command-sink.js';
import { sendFile } from '../../apps/capture-ledger/src/send/send-file.js';
import { Sending } from '../../apps/capture-ledger/src/send/sending.js';
import { Tally } from '../../apps/capture-ledger/src/send/tally.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';

afterEach(removeTemporaryFolders);

const MEBIBYTE = 1024 * 1024;
const COMMAND = '{"type":"CreateCapture","commandId":"one","authorizationId":"a"}';

describe('a file that is sent', () => {
  it('is not read ahead without end where a command waits and no other line holds one', async () => {
    const path = join(temporaryFolder(), 'wrong.ndjson');
    const lines = 4 * 1024;
    await writeFile(path, [COMMAND, ...Array<string>(lines).fill('x'.repeat(1023))].join('\n'));
    const file = await open(path);
    const answered = Promise.withResolvers<Answered>();
    const stop = new AbortController();
    let ahead = 0;
    class Watched extends Sending {
      override begin(...[line]: Parameters<Sending['begin']>): ReturnType<Sending['begin']> {
        ahead = Math.max(ahead, line.end - this.place.offset);
        if (line.number > lines) answered.resolve({ outcome: 'accepted', repeat: false });
        return super.begin(line);
      }
      override room(): Promise<void> {
        if (ahead > MEBIBYTE) answered.resolve({ outcome: 'accepted', repeat: false });
        return super.room();
      }
    }
    const from = { place: { offset: 0, lines: 0 }, tally: new Tally() };
    const sending = new Watched(from, stop.signal, () => undefined);
    const sink = { awayMax: 0, send: () => answered.promise, close: () => undefined };
    await sendFile({ file, sending, sink, concurrency: 8, merchantAccountId: 'default', stop });
    await file.close();
    expect(sending.place.lines).toBe(lines + 1);
    expect(ahead).toBeLessThan(1.1 * MEBIBYTE);
  });
});
