import { topicLines } from '../../apps/capture-ledger/src/topics.js';
import { TopicPromiseBroken } from '#kafka/topic-errors.js';
import { topicNames } from '#kafka/topic-names.js';
import {
  brokenPromises,
  mendingLine,
  missingTopics,
  planTopics,
  settingsOf,
} from '#kafka/topic-plan.js';
import type { ExistingTopic } from '#kafka/topic-plan.js';
import { commandTopics } from '#kafka/topics.js';

const brokers = ['kafka-1:9092', 'kafka-2:9092'];
const wanted = commandTopics(topicNames(''), 24);
const [commands, deadLetters, answers] = wanted;

/** A topic as it is when it was made as we make it, or with other settings. */
const existing = (
  specification = commands!,
  settings: Readonly<Record<string, string>> = {},
  replicas = 1,
): ExistingTopic => {
  const made = settingsOf(specification).map(({ name, value }): [string, string] => [name, value]);
  return {
    name: specification.name,
    partitions: 24,
    replicas,
    settings: new Map([...made, ...Object.entries(settings)]),
  };
};

const differencesOf = (topic: ExistingTopic): readonly string[] =>
  planTopics(wanted, [topic])
    .flatMap(({ differences }) => differences)
    .map(({ expected: { setting, otherwise } }) => `${setting} ${otherwise}`);

describe('the topics that are wanted', () => {
  it('are made with all settings that matter', () => {
    const made = wanted.map((topic) => [
      topic.name,
      Object.fromEntries(settingsOf(topic).map(({ name, value }) => [name, value])),
    ]);
    expect(Object.fromEntries(made)).toEqual({
      'capture.commands.v1': {
        'cleanup.policy': 'delete',
        'compression.type': 'uncompressed',
        'max.message.bytes': '1048588',
        'retention.ms': '604800000',
      },
      'capture.commands.v1.dead-letter': {
        'cleanup.policy': 'delete',
        'max.message.bytes': '2097152',
        'retention.ms': '2592000000',
      },
      'capture.answers.v1': {
        'cleanup.policy': 'delete',
        'max.message.bytes': '1048588',
        'retention.ms': '86400000',
      },
    });
  });

  it('are missing on an empty cluster, and break no promise', () => {
    const plan = planTopics(wanted, []);
    expect(missingTopics(plan)).toEqual(wanted);
    expect(brokenPromises(plan)).toEqual([]);
  });

  it('are as wanted when they were made so', () => {
    const plan = planTopics(
      wanted,
      wanted.map((topic) => existing(topic)),
    );
    expect(missingTopics(plan)).toEqual([]);
    expect(plan.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

describe('a topic that is there', () => {
  it.each([
    ['commands that the broker leaves packed', commands!, { 'compression.type': 'producer' }],
    ['commands that may be of any size', commands!, { 'max.message.bytes': '1048589' }],
    ['commands of which some do not fit', commands!, { 'max.message.bytes': '131072' }],
    ['commands that are thrown away', commands!, { 'cleanup.policy': 'compact,delete' }],
    ['dead letters that do not fit', deadLetters!, { 'max.message.bytes': '2097151' }],
    ['dead letters that need a key', deadLetters!, { 'cleanup.policy': 'compact' }],
    ['answers that do not fit', answers!, { 'max.message.bytes': '1048587' }],
    ['answers that are thrown away', answers!, { 'cleanup.policy': 'compact' }],
  ])('breaks a promise with %s', (_what, topic, settings) => {
    const plan = planTopics(wanted, [existing(topic, settings)]);
    const [broken, ...others] = brokenPromises(plan);
    expect(others).toEqual([]);
    expect(broken).toMatchObject({ topic: topic.name, is: Object.values(settings)[0] });
  });

  it.each([
    ['smaller commands', commands!, { 'max.message.bytes': '135168' }],
    ['larger dead letters', deadLetters!, { 'max.message.bytes': '10485760' }],
    ['larger answers', answers!, { 'max.message.bytes': '2097152' }],
  ])('may take %s', (_what, topic, settings) => {
    expect(differencesOf(existing(topic, settings))).toEqual([]);
  });

  it('may keep its records for another time, which is told', () => {
    expect(differencesOf(existing(answers, { 'retention.ms': '-1' }))).toEqual([
      'retention.ms differs',
    ]);
  });

  it('with three replicas is told when an acknowledgement is worth little', () => {
    const careless = { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' };
    expect(differencesOf(existing(commands, careless, 3))).toEqual([
      'min.insync.replicas differs',
      'unclean.leader.election.enable differs',
    ]);
    expect(differencesOf(existing(commands, careless, 1))).toEqual([]);
  });

  it('breaks a promise when its broker does not know a setting', () => {
    const topic = existing();
    const settings = new Map(topic.settings);
    settings.delete('compression.type');
    expect(differencesOf({ ...topic, settings })).toEqual(['compression.type promise-broken']);
  });
});

describe('a difference', () => {
  const plan = planTopics(wanted, [
    existing(commands, { 'compression.type': 'lz4', 'retention.ms': '3600000' }),
    existing(answers),
  ]);
  const line =
    'kafka-configs.sh --bootstrap-server kafka-1:9092,kafka-2:9092 --alter --entity-type topics ' +
    '--entity-name capture.commands.v1 --add-config compression.type=uncompressed';

  it('comes with the line that mends it', () => {
    const [broken] = brokenPromises(plan);
    expect(mendingLine(broken!, brokers)).toBe(line);
  });

  it('that breaks a promise is told with the topic, what it is, what it must be and the line', () => {
    const { message } = new TopicPromiseBroken(brokenPromises(plan), brokers);
    expect(message).toBe(
      'capture.commands.v1 has compression.type=lz4, it must be uncompressed: the broker must unpack ' +
        'what senders pack, else one batch in lz4, snappy or zstd stops its partition\n' +
        `  ${line}`,
    );
  });

  it('is printed below its topic, and what is to be done at the end', () => {
    expect(topicLines(plan, brokers)).toEqual([
      'Topics on kafka-1:9092, kafka-2:9092',
      '',
      '  capture.commands.v1               24 partitions, 1 replica',
      '    compression.type is lz4, and must be uncompressed: the broker must unpack what senders pack, else one batch in lz4, snappy or zstd stops its partition',
      `      ${line}`,
      '    retention.ms is 3600000, and is meant to be 604800000: records are meant to be kept for 7 days',
      `      ${line.replace('compression.type=uncompressed', 'retention.ms=604800000')}`,
      '  capture.commands.v1.dead-letter   missing; wanted: 24 partitions, max.message.bytes=2097152, cleanup.policy=delete, retention.ms=2592000000',
      '  capture.answers.v1                24 partitions, 1 replica, as wanted',
      '',
      '1 topic missing: npm run topics -- --create',
      '1 setting to be mended before commands are taken.',
      '1 setting of another choice; the ledger works with them.',
    ]);
  });
});
