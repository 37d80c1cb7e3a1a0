import { exitCodes } from '#runtime/exit-codes.js';
import { readConfiguration } from '#runtime/configuration.js';
import { createRuntime } from '#runtime/runtime.js';
import type { Runtime } from '#runtime/runtime.js';
import {
  publisherHealth,
  publisherObserver,
} from '../../apps/capture-ledger/src/publisher-observer.js';
import type { PublisherDoing } from '../../apps/capture-ledger/src/publisher-observer.js';
import type { PublicationObserver } from '../../apps/capture-ledger/src/publication.js';
import { keptLog } from '../runtime/fixtures.js';
import type { LoggedLine } from '../runtime/fixtures.js';

let runtime: Runtime;
let doing: PublisherDoing;
let tell: PublicationObserver;
let lines: readonly LoggedLine[];

beforeEach(() => {
  const kept = keptLog('info');
  lines = kept.lines;
  runtime = createRuntime({
    configuration: readConfiguration({}),
    exitCodeOf: () => exitCodes.unexpected,
    log: kept.log,
  });
  doing = { now: 'starting', detail: undefined, position: undefined, at: 0 };
  tell = publisherObserver(runtime, doing);
});

const health = (waiting = 0, after = 0) =>
  publisherHealth(doing, { waiting, time: doing.at + after });

const halted = async (): Promise<string | undefined> =>
  /^ledger_publication_halted (\d)$/m.exec(await runtime.metrics.text())?.[1];

describe('the publisher, to health, log and metrics,', () => {
  it('is up where it publishes, and where another process does', () => {
    tell.publishing(7);
    expect(health()).toEqual({ status: 'up' });
    tell.waiting();
    expect(health()).toMatchObject({ status: 'up' });
    expect(doing.position).toBeUndefined();
  });

  it('is down before it has begun, while the broker is away, and in trouble; it knows how far it was', () => {
    expect(health()).toEqual({ status: 'down', detail: 'starting' });
    tell.publishing(7);
    tell.away(new Error('no word'));
    expect(health()).toEqual({ status: 'down', detail: 'away: no word' });
    expect(doing.position).toBe(7);
    tell.trouble(new Error('refused'));
    expect(health()).toEqual({ status: 'down', detail: 'in trouble: refused' });
    expect(doing.position).toBe(7);
  });

  it('is degraded where events wait and nothing is published, as where nobody keeps the views', () => {
    tell.publishing(7);
    expect(health(3, 10_000)).toEqual({ status: 'up' });
    expect(health(0, 10_001)).toEqual({ status: 'up' });
    expect(health(3, 10_001)).toMatchObject({ status: 'degraded' });
  });

  it('says once what goes on for long', () => {
    tell.away(new Error('no word'));
    tell.away(new Error('no word'));
    tell.halted('no checkpoint');
    tell.halted('no checkpoint');
    expect(lines.map(({ msg }) => msg)).toEqual([
      'nothing is published: the broker is away',
      'the publisher has halted: someone must act',
    ]);
  });

  it('has halted until it publishes, or another does, whatever else happens', async () => {
    tell.halted('no checkpoint');
    tell.trouble(new Error('refused'));
    expect(await halted()).toBe('1');
    tell.publishing(0);
    expect(await halted()).toBe('0');
  });
});
