import { Module } from '@nestjs/common';
import type { DynamicModule, ModuleMetadata } from '@nestjs/common';
import { CommandGateway } from '#commands/command-gateway.js';
import type { Clock } from '#runtime/clock.js';
import { CommandConsumer } from './command-consumer.js';
import type { CommandSource } from './command-source.js';
import type { CopySink } from './copy-sink.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import type { KafkaObserver } from './kafka-observer.js';
import { KafkajsCommandSource } from './kafkajs-command-source.js';
import { KafkajsCopySink } from './kafkajs-copy-sink.js';
import { KafkajsRecordSink } from './kafkajs-record-sink.js';
import type { RecordSink } from './record-sink.js';
import { COMMAND_SOURCE, COPY_SINK, RECORD_SINK } from './tokens.js';
import type { StoreMark } from './store-mark.js';
import { commandsGroup, topicNames } from './topic-names.js';

export type KafkaOptions = Readonly<{
  /** Where `CommandGateway` comes from. */
  imports: NonNullable<ModuleMetadata['imports']>;
  connection: KafkaConnection;
  /** What the names of topics and of the group begin with; usually ''. */
  topicPrefix: string;
  sessionTimeoutMs: number;
  /** On which `CommandGateway` decides. */
  store: StoreMark;
  /** The topics that callers may name for copies of their answers. */
  replyTopics: RegExp;
  clock: Clock;
  observer: KafkaObserver;
  log: KafkaLog;
  /** Something between the consumer and the cluster, for who wants to see or to disturb it. */
  around: AroundKafka;
}>;

export type AroundKafka = Readonly<{
  source?: (source: CommandSource) => CommandSource;
  sink?: (sink: RecordSink) => RecordSink;
}>;

/**
 * Commands from Kafka: `CommandConsumer`. To start it, and to stop it before the decisions are closed, is up
 * to the application; the sinks are closed after it.
 */
@Module({})
export class KafkaModule {
  static forRoot(options: KafkaOptions): DynamicModule {
    const { imports, connection, topicPrefix, clock, observer, log, around } = options;
    const topics = topicNames(topicPrefix);
    const openSource = (): CommandSource => {
      const { sessionTimeoutMs, store } = options;
      const groupId = commandsGroup(topicPrefix);
      const topic = topics.commands;
      const parts = { connection, topic, groupId, sessionTimeoutMs, store, clock, observer, log };
      const consumed = new KafkajsCommandSource(parts);
      return around.source?.(consumed) ?? consumed;
    };
    const openSink = (): RecordSink => {
      const published = new KafkajsRecordSink({ connection, clock, observer, log });
      return around.sink?.(published) ?? published;
    };
    return {
      module: KafkaModule,
      imports,
      providers: [
        { provide: COMMAND_SOURCE, useFactory: openSource },
        { provide: RECORD_SINK, useFactory: openSink },
        {
          provide: COPY_SINK,
          useFactory: () => new KafkajsCopySink({ connection, clock, observer, log }),
        },
        {
          provide: CommandConsumer,
          inject: [COMMAND_SOURCE, RECORD_SINK, COPY_SINK, CommandGateway],
          useFactory: (
            source: CommandSource,
            sink: RecordSink,
            copies: CopySink,
            gateway: CommandGateway,
          ) =>
            new CommandConsumer({
              source,
              sink,
              copies,
              answer: (incoming) => gateway.receive(incoming),
              topics,
              replyTopics: options.replyTopics,
              clock,
              observer,
            }),
        },
      ],
      exports: [COMMAND_SOURCE, RECORD_SINK, COPY_SINK, CommandConsumer],
    };
  }
}
