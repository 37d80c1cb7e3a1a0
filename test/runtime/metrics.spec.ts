import { LedgerMetrics } from '#runtime/metrics.js';

/** The value of one series, as `/metrics` shows it. */
const valueOf = async (metrics: LedgerMetrics, series: string): Promise<number | undefined> => {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

const unreadable = () => Promise.reject(new Error('views.db is a folder'));

describe('metrics', () => {
  it('count answers by type, outcome and reason', async () => {
    const metrics = new LedgerMetrics();
    const about = { repeat: false, seconds: 0.003 };
    const refused = {
      commandType: 'CreateCapture',
      outcome: 'rejected',
      reason: 'amount_exceeds_capturable',
    } as const;
    metrics.answered(refused, about);
    metrics.answered(refused, about);
    metrics.answered({ commandType: 'CreateCapture', outcome: 'accepted' }, about);
    await expect(
      valueOf(
        metrics,
        'ledger_commands_total{type="CreateCapture",outcome="rejected",reason="amount_exceeds_capturable"}',
      ),
    ).resolves.toBe(2);
    await expect(
      valueOf(metrics, 'ledger_commands_total{type="CreateCapture",outcome="accepted",reason=""}'),
    ).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_answer_seconds_count')).resolves.toBe(3);
    await expect(valueOf(metrics, 'ledger_answer_seconds_bucket{le="0.005"}')).resolves.toBe(3);
    await expect(valueOf(metrics, 'ledger_answer_seconds_bucket{le="0.0025"}')).resolves.toBe(0);
  });

  it('take no label from a sender: a million made-up types are one series', async () => {
    const metrics = new LedgerMetrics();
    for (let made = 0; made < 1_000; made += 1)
      metrics.answered(
        { commandType: `Made-up ${made}`, outcome: 'invalid' },
        { repeat: false, seconds: 0 },
      );
    expect(await metrics.text()).not.toContain('Made-up');
    await expect(
      valueOf(metrics, 'ledger_commands_total{type="unknown",outcome="invalid",reason=""}'),
    ).resolves.toBe(1_000);
  });

  it('count what was decided before, conflicts and resends', async () => {
    const metrics = new LedgerMetrics();
    for (const series of ['ledger_repeats_total', 'ledger_append_conflicts_total'])
      await expect(valueOf(metrics, series)).resolves.toBe(0);
    metrics.answered({ outcome: 'accepted' }, { repeat: true, seconds: 0.001 });
    metrics.conflicted();
    metrics.resent();
    await expect(valueOf(metrics, 'ledger_repeats_total')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_append_conflicts_total')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_append_resends_total')).resolves.toBe(1);
  });

  it('show how far the views are behind, whichever process keeps them', async () => {
    const metrics = new LedgerMetrics();
    await expect(valueOf(metrics, 'ledger_projection_lag_events')).resolves.toBe(0);
    const positions = { head: 130, shown: 100, walBytes: 4_152 };
    metrics.readPositions(async () => positions);
    await expect(valueOf(metrics, 'ledger_projection_lag_events')).resolves.toBe(30);
    await expect(valueOf(metrics, 'ledger_projection_position')).resolves.toBe(100);
    positions.head = 150;
    await expect(valueOf(metrics, 'ledger_store_position')).resolves.toBe(150);
    await expect(valueOf(metrics, 'ledger_store_wal_bytes')).resolves.toBe(4_152);
  });

  it('leave out what cannot be read, and show all else', async () => {
    const metrics = new LedgerMetrics();
    metrics.publication.halted(true);
    metrics.readPositions(async () => ({ head: 130, shown: 100, walBytes: 4_152 }));
    metrics.publication.readPositions(async () => ({ published: 90, head: 130 }));
    await expect(valueOf(metrics, 'ledger_projection_position')).resolves.toBe(100);
    await expect(valueOf(metrics, 'ledger_publication_position')).resolves.toBe(90);

    metrics.readPositions(unreadable);
    metrics.publication.readPositions(unreadable);
    await expect(valueOf(metrics, 'ledger_projection_position')).resolves.toBeUndefined();
    await expect(valueOf(metrics, 'ledger_publication_position')).resolves.toBeUndefined();
    await expect(valueOf(metrics, 'ledger_publication_halted')).resolves.toBe(1);
  });

  it('time appends, and how long an event waits to be shown, and count anomalies', async () => {
    const metrics = new LedgerMetrics();
    metrics.appended(0.002);
    metrics.shown(0.2);
    metrics.anomaly('over_captured');
    await expect(valueOf(metrics, 'ledger_anomalies_total{kind="over_captured"}')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_append_seconds_count')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_projection_seconds_sum')).resolves.toBe(0.2);
  });

  it('hold what the process itself uses, and say what format they are in', async () => {
    const metrics = new LedgerMetrics();
    const text = await metrics.text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('of two ledgers in one process do not mix', async () => {
    const [one, other] = [new LedgerMetrics(), new LedgerMetrics()];
    one.conflicted();
    await expect(valueOf(other, 'ledger_append_conflicts_total')).resolves.toBe(0);
  });
});
