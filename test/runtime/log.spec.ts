import { logAnswer } from '#runtime/answer-log.js';
import { keptLog } from './fixtures.js';
import type { LoggedLine } from './fixtures.js';

const onlyLine = (lines: readonly LoggedLine[]): LoggedLine => {
  expect(lines).toHaveLength(1);
  return lines[0]!;
};

describe('the log', () => {
  it('is one JSON object a line, with its time, level and sentence', () => {
    const { log, lines } = keptLog();
    log.info({ authorizationId: 'auth_4563' }, 'command rejected');
    expect(onlyLine(lines)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      pid: process.pid,
      authorizationId: 'auth_4563',
      msg: 'command rejected',
    });
  });

  it('says no more than its level', () => {
    const { log, lines } = keptLog('warn');
    log.info({}, 'unheard');
    log.warn({}, 'heard');
    expect(onlyLine(lines)).toMatchObject({ level: 'warn', msg: 'heard' });
  });

  class CreateCapture {
    readonly commandId = 'c-1';
    readonly metadata = { customer: 'Ada Lovelace' };
  }
  const failed = Object.assign(new Error('no good', { cause: new Error('deeper') }), {
    command: new CreateCapture(),
  });

  it.each([
    ['beside the sentence', { metadata: { customer: 'Ada Lovelace' } }],
    ['in a command', { command: new CreateCapture() }],
    ['in a list, far down', { a: [{ b: { c: { d: { e: [new CreateCapture()] } } } }] }],
    [
      'in the stored text of an event',
      { event: { data: '{"metadata":{"customer":"Ada Lovelace"}}' } },
    ],
    ['in what JSON makes of an object', { lazy: { toJSON: () => new CreateCapture() } }],
    ['in an error', { err: failed }],
    ['in an error inside', { outer: { errors: [failed] } }],
  ])('never holds a value of metadata: %s', (_where, members) => {
    const { log, lines } = keptLog();
    log.error(members, 'a sentence');
    expect(JSON.stringify(onlyLine(lines))).not.toContain('Lovelace');
    expect(JSON.stringify(lines)).toContain('[not logged]');
  });

  it('tells an error with its type, message, stack and cause', () => {
    const { log, lines } = keptLog();
    log.error({ err: failed }, 'did not close');
    expect(onlyLine(lines)['err']).toMatchObject({
      type: 'Error',
      message: expect.stringContaining('no good') as string,
      stack: expect.stringContaining('deeper') as string,
      command: { commandId: 'c-1', metadata: '[not logged]' },
    });
  });

  it('keeps the sentence where the members cannot be written', () => {
    const circular: Record<string, unknown> = {};
    circular['itself'] = circular;
    const { log, lines } = keptLog();
    log.warn(circular, 'still said');
    log.warn({ position: 12n }, 'said in full');
    expect(lines).toMatchObject([
      { msg: 'still said', unloggable: expect.stringContaining('circular') as string },
      { msg: 'said in full', position: '12' },
    ]);
  });
});

describe('the line of an answered command', () => {
  const accepted = {
    commandId: 'c-1',
    commandType: 'CreateCapture',
    outcome: 'accepted',
    merchantAccountId: 'default',
    authorizationId: 'auth_4563',
    captureId: 'cap_1',
    revision: 1,
  } as const;
  const about = { repeat: false, milliseconds: 3, slowFrom: 500 };

  const lineOf = (...[answer, said]: [Parameters<typeof logAnswer>[1], Partial<typeof about>?]) => {
    const { log, lines } = keptLog();
    logAnswer(log, answer, { ...about, ...said });
    return onlyLine(lines);
  };

  it('is at debug for an accepted one, and names all that it is about', () => {
    expect(lineOf(accepted)).toMatchObject({
      ...accepted,
      level: 'debug',
      milliseconds: 3,
      msg: 'command accepted',
    });
  });

  it('is at info for a refused one, with its reason', () => {
    const refused = { ...accepted, outcome: 'rejected', reason: 'final_capture_exists' } as const;
    expect(lineOf(refused)).toMatchObject({ level: 'info', reason: 'final_capture_exists' });
  });

  it('is at info for a slow one', () => {
    expect(lineOf(accepted, { milliseconds: 500 })).toMatchObject({ level: 'info', slow: true });
    expect(lineOf(accepted, { milliseconds: 499 })).not.toHaveProperty('slow');
  });

  it('is at error for a failed one, so that somebody looks at its authorization', () => {
    const failed = { ...accepted, outcome: 'failed', reason: 'stream_unusable' } as const;
    expect(lineOf(failed)).toMatchObject({ level: 'error', authorizationId: 'auth_4563' });
  });

  it('says of an invalid one where it is wrong, and nothing of what stood there', () => {
    const errors = Array.from({ length: 100 }, (_, index) => ({
      pointer: `/metadata/${index}${'x'.repeat(1_000)}`,
      message: 'Ada Lovelace is too long',
    }));
    const line = lineOf({ outcome: 'invalid', errors });
    expect(line).toMatchObject({ level: 'info', msg: 'command invalid' });
    expect(line['pointers']).toHaveLength(5);
    expect(JSON.stringify(line).length).toBeLessThan(1_000);
    expect(JSON.stringify(line)).not.toContain('Lovelace');
  });

  it('holds no member of an answer but those it knows', () => {
    const more = { ...accepted, details: { capturable: 3_000 }, metadata: { customer: 'Ada' } };
    expect(lineOf(more)).not.toHaveProperty('details');
    expect(lineOf(more)).not.toHaveProperty('metadata');
  });

  it('says that an answer was given before', () => {
    expect(lineOf(accepted, { repeat: true })).toMatchObject({ repeat: true });
    expect(lineOf(accepted)).not.toHaveProperty('repeat');
  });
});
