import { copyFailures } from '../../apps/capture-ledger/src/copy-failures.js';
import type { Log } from '#runtime/log.js';

describe('copies that were not written', () => {
  it('are all counted, and the first for a topic is a warning', () => {
    const counted: string[] = [];
    const logged: unknown[] = [];
    const at = (level: string) => (members: object) => void logged.push({ level, ...members });
    const log = { warn: at('warn'), debug: at('debug') } as unknown as Log;
    const tell = copyFailures(log, { copyFailed: (reason) => void counted.push(reason) });
    tell('a.reply', 'it is not there', 'unknown_topic');
    tell('a.reply', 'too slow', 'too_late');
    tell('b.reply', 'it is not there', 'unknown_topic');
    expect(counted).toEqual(['unknown_topic', 'too_late', 'unknown_topic']);
    expect(logged).toEqual([
      { level: 'warn', topic: 'a.reply', failure: 'unknown_topic', why: 'it is not there' },
      { level: 'debug', topic: 'a.reply', failure: 'too_late', why: 'too slow' },
      { level: 'warn', topic: 'b.reply', failure: 'unknown_topic', why: 'it is not there' },
    ]);
    for (let each = 0; each < 1_000; each += 1) tell(`${each}.reply`, 'no', 'forbidden_topic');
    expect(logged.filter((line) => (line as { level: string }).level === 'warn')).toHaveLength(100);
  });
});
