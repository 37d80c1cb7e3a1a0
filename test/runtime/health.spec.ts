import { Health } from '#runtime/health.js';
import type { HealthCheck, PartHealth } from '#runtime/health.js';
import { ManualClock, turn } from './fixtures.js';

const up: PartHealth = { status: 'up' };
const behind: PartHealth = { status: 'degraded', detail: '12000 events behind' };
const down: PartHealth = { status: 'down', detail: 'busy' };

const running = (clock = new ManualClock()): Health => {
  const health = new Health(clock);
  health.enter('running');
  return health;
};

describe('readiness', () => {
  it.each([
    ['all is up', up, up, 'up'],
    ['a required part is degraded', behind, up, 'degraded'],
    ['a watched part is degraded', up, behind, 'degraded'],
    ['a watched part is down', up, down, 'degraded'],
    ['a required part is down', down, up, 'down'],
    ['a required part is down and a watched one degraded', down, behind, 'down'],
  ] as const)('where %s', async (_case, store, projector, status) => {
    const health = running();
    health.require('store', () => store);
    health.watch('projector', async () => projector);
    await expect(health.ready()).resolves.toEqual({
      status,
      parts: { process: up, store, projector },
    });
  });

  it('asks the parts anew each time', async () => {
    const health = running();
    let store = down;
    health.require('store', () => store);
    expect((await health.ready()).status).toBe('down');
    store = up;
    expect((await health.ready()).status).toBe('up');
  });

  it.each<[string, HealthCheck]>([
    [
      'throws',
      () => {
        throw new Error('the worker is dead');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the worker is dead'))],
  ])('takes a part whose check %s as down, and says why', async (_how, check) => {
    const health = running();
    health.require('store', check);
    expect(await health.ready()).toMatchObject({
      status: 'down',
      parts: { store: { status: 'down', detail: 'the worker is dead' } },
    });
  });

  it('does not wait for a part that says nothing', async () => {
    const clock = new ManualClock();
    const health = running(clock);
    health.require('store', () => new Promise<PartHealth>(() => undefined));
    const ready = health.ready();
    await turn();
    clock.advance(2_000);
    expect(await ready).toMatchObject({
      status: 'down',
      parts: { process: up, store: { status: 'down', detail: 'no answer within 2000 ms' } },
    });
  });

  it('leaves no timer behind when the parts have answered', async () => {
    const clock = new ManualClock();
    await running(clock).ready();
    expect(clock.waiting).toBe(0);
  });

  it('has one part under a name', () => {
    const health = running();
    health.watch('projector', () => up);
    expect(() => health.require('projector', () => up)).toThrow('registered already');
    expect(() => health.watch('process', () => up)).toThrow('registered already');
  });
});

describe('the life of a process', () => {
  it('is ready only while it runs, and alive until it is broken', async () => {
    const health = new Health(new ManualClock());
    const seen: unknown[] = [];
    for (const phase of ['starting', 'running', 'stopping', 'broken'] as const) {
      health.enter(phase);
      seen.push([phase, (await health.ready()).status, health.live().status]);
    }
    expect(seen).toEqual([
      ['starting', 'down', 'up'],
      ['running', 'up', 'up'],
      ['stopping', 'down', 'up'],
      ['broken', 'down', 'down'],
    ]);
  });

  it('stays alive whatever its parts say, for a restart would not mend them', () => {
    const health = running();
    health.require('store', () => down);
    expect(health.live()).toEqual(up);
  });

  it('never goes back', () => {
    const health = running();
    health.enter('stopping');
    health.enter('running');
    expect(health.phase).toBe('stopping');
    health.enter('broken');
    health.enter('stopping');
    expect(health.phase).toBe('broken');
  });
});
