import { NoAnswer } from '../../apps/capture-ledger/src/send/command-sink.js';
import type { Answered, CommandSink } from '../../apps/capture-ledger/src/send/command-sink.js';
import type { OutgoingCommand } from '../../apps/capture-ledger/src/send/outgoing-command.js';
import { GaveUp, PatientSink } from '../../apps/capture-ledger/src/send/patient-sink.js';
import { ManualClock, turn } from '../runtime/fixtures.js';

const command: OutgoingCommand = {
  type: 'CreateCapture',
  commandId: '1',
  authorizationId: 'auth-1',
  authorization: 'A',
  body: new Uint8Array(),
};
const answer: Answered = { outcome: 'accepted', repeat: false };

/** A ledger that can be away. */
class FlakySink implements CommandSink {
  readonly awayMax = 30_000;
  away = false;
  tries = 0;

  send(): Promise<Answered> {
    this.tries += 1;
    return this.away ? Promise.reject(new NoAnswer('away')) : Promise.resolve(answer);
  }

  close(): void {
    this.away = true;
  }
}

const started = (signal = new AbortController().signal) => {
  const clock = new ManualClock();
  const flaky = new FlakySink();
  return { clock, flaky, sink: new PatientSink(flaky, clock, signal) };
};

/** Lets so many seconds go by, in steps that nobody sleeps through. */
const pass = async (clock: ManualClock, seconds: number): Promise<void> => {
  for (let step = 0; step < seconds * 10; step += 1) {
    await turn();
    clock.advance(100);
  }
  await turn();
};

describe('a sender whose ledger does not answer', () => {
  it('tries for a few seconds where it never answered: most likely nobody has started it', async () => {
    const { clock, flaky, sink } = started();
    flaky.away = true;
    const sent = sink.send(command).catch((error: unknown) => error);
    await pass(clock, 5);
    await expect(sent).resolves.toBeInstanceOf(GaveUp);
    expect(flaky.tries).toBe(4);
  });

  it('waits for as long as its way takes where it did: most likely it is being started anew', async () => {
    const { clock, flaky, sink } = started();
    await sink.send(command);
    flaky.away = true;
    let ended: unknown;
    const sent = sink.send(command).then(
      (answered) => (ended = answered),
      (error: unknown) => (ended = error),
    );
    await pass(clock, 29);
    expect(ended).toBeUndefined();
    flaky.away = false;
    await pass(clock, 2);
    await sent;
    expect(ended).toBe(answer);

    flaky.away = true;
    const again = sink.send(command).catch((error: unknown) => error);
    await pass(clock, 33);
    await expect(again).resolves.toMatchObject({ name: 'GaveUp', cause: 'away' });
  });

  it('tries less and less often', async () => {
    const { clock, flaky, sink } = started();
    await sink.send(command);
    flaky.away = true;
    void sink.send(command).catch(() => undefined);
    await pass(clock, 20);
    // After 1/8, 1/4 and 1/2 s, then every second.
    expect(flaky.tries).toBeGreaterThan(15);
    expect(flaky.tries).toBeLessThan(27);
  });

  it('does not try again when it is told to stop', async () => {
    const stop = new AbortController();
    const { flaky, sink } = started(stop.signal);
    await sink.send(command);
    flaky.away = true;
    const sent = sink.send(command).catch((error: unknown) => error);
    await turn();
    stop.abort();
    await expect(sent).resolves.toBeInstanceOf(GaveUp);
    expect(flaky.tries).toBe(2);
  });
});
