import { LedgerMetrics } from '#runtime/metrics.js';

/** The value of one series, as `/metrics` shows it. */
const valueOf = async (metrics: LedgerMetrics, series: string): Promise<number | undefined> => {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

const lettersFor = (reason: string) => `ledger_kafka_dead_letters_total{reason="${reason}"}`;

const lagOf = (partition: number) =>
  `ledger_kafka_lag_records{topic="capture.commands.v1",partition="${partition}"}`;

describe('what is counted of commands over Kafka', () => {
  let metrics: LedgerMetrics;
  beforeEach(() => {
    metrics = new LedgerMetrics();
  });

  it.each([
    'ledger_kafka_records_total',
    'ledger_kafka_publish_failures_total',
    'ledger_kafka_unacknowledged_partitions_total',
    'ledger_kafka_consumer_restarts_total',
    'ledger_kafka_refused_commits_total',
    'ledger_kafka_oldest_record_seconds',
    'ledger_kafka_consuming',
  ])('is there and 0 before anything has come: %s', (series) =>
    expect(valueOf(metrics, series)).resolves.toBe(0),
  );

  it('is each group: its records, and how long it took', async () => {
    metrics.kafka.worked({ records: 2_000, milliseconds: 250 });
    metrics.kafka.worked({ records: 3, milliseconds: 4 });
    await expect(valueOf(metrics, 'ledger_kafka_records_total')).resolves.toBe(2_003);
    await expect(valueOf(metrics, 'ledger_kafka_group_seconds_sum')).resolves.toBe(0.254);
    await expect(valueOf(metrics, 'ledger_kafka_group_seconds_bucket{le="0.005"}')).resolves.toBe(
      1,
    );
  });

  it('is how old the oldest record is that is being worked on, whenever somebody collects', async () => {
    let age = 12;
    metrics.kafka.readAge(() => age);
    await expect(valueOf(metrics, 'ledger_kafka_oldest_record_seconds')).resolves.toBe(0.012);
    age = 90_000;
    await expect(valueOf(metrics, 'ledger_kafka_oldest_record_seconds')).resolves.toBe(90);
  });

  it('is how long answers take to be acknowledged', async () => {
    metrics.kafka.published(20);
    await expect(valueOf(metrics, 'ledger_kafka_publish_seconds_sum')).resolves.toBe(0.02);
    await expect(valueOf(metrics, 'ledger_kafka_publish_seconds_count')).resolves.toBe(1);
  });

  it('is each dead letter by its reason, of which there are few', async () => {
    for (const reason of ['invalid', 'invalid', 'stream_unusable'])
      metrics.kafka.deadLettered(reason);
    await expect(valueOf(metrics, lettersFor('invalid'))).resolves.toBe(2);
    await expect(valueOf(metrics, lettersFor('stream_unusable'))).resolves.toBe(1);
  });

  it('is what went wrong', async () => {
    metrics.kafka.copyFailed('unknown_topic');
    metrics.kafka.publishFailed();
    metrics.kafka.resent(3);
    metrics.kafka.restarted();
    metrics.kafka.commitRefused();
    await expect(
      valueOf(metrics, 'ledger_kafka_reply_copies_failed_total{reason="unknown_topic"}'),
    ).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_kafka_publish_failures_total')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_kafka_unacknowledged_partitions_total')).resolves.toBe(3);
    await expect(valueOf(metrics, 'ledger_kafka_consumer_restarts_total')).resolves.toBe(1);
    await expect(valueOf(metrics, 'ledger_kafka_refused_commits_total')).resolves.toBe(1);
  });

  it('is whether commands are consumed at all', async () => {
    metrics.kafka.consuming(true);
    await expect(valueOf(metrics, 'ledger_kafka_consuming')).resolves.toBe(1);
    metrics.kafka.consuming(false);
    await expect(valueOf(metrics, 'ledger_kafka_consuming')).resolves.toBe(0);
  });

  it('is how far behind the partitions are that are ours now, and no others', async () => {
    await expect(valueOf(metrics, lagOf(0))).resolves.toBeUndefined();
    const topic = 'capture.commands.v1';
    let behind = [
      { topic, partition: 0, records: 17 },
      { topic, partition: 1, records: 0 },
    ];
    metrics.kafka.readBehind(() => behind);
    await expect(valueOf(metrics, lagOf(0))).resolves.toBe(17);
    await expect(valueOf(metrics, lagOf(1))).resolves.toBe(0);
    behind = [{ topic, partition: 1, records: 4 }];
    await expect(valueOf(metrics, lagOf(0))).resolves.toBeUndefined();
    await expect(valueOf(metrics, lagOf(1))).resolves.toBe(4);
  });

  it('is apart from what another ledger in the same process counts', async () => {
    metrics.kafka.commitRefused();
    await expect(valueOf(new LedgerMetrics(), 'ledger_kafka_refused_commits_total')).resolves.toBe(
      0,
    );
  });
});
