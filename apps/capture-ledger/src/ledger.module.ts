import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CommandsModule } from '#commands/commands.module.js';
import type { EventStore } from '#event-store/event-store.js';
import type { SqliteEventStore } from '#event-store/sqlite-event-store.js';
import { LedgerHttpModule } from '#http/ledger-http.module.js';
import { KafkaModule } from '#kafka/kafka.module.js';
import type { AroundKafka } from '#kafka/kafka.module.js';
import type { StoreMark } from '#kafka/store-mark.js';
import { ProjectionsModule } from '#projections/projections.module.js';
import type { Runtime } from '#runtime/runtime.js';
import { RuntimeModule } from '#runtime/runtime.module.js';
import { kafkaConnection, kafkaLog } from './kafka-connection.js';
import { kafkaObserver } from './kafka-observer.js';
import type { KafkaDoing } from './kafka-observer.js';
import { decisionsObserver } from './observers.js';
import type { PublisherDoing } from './publisher-observer.js';
import type { ProjectorDoing, StoreTrouble } from './watch.js';

/** What the parts of this process were last heard to be doing. */
export type Doing = Readonly<{
  projector: ProjectorDoing;
  store: StoreTrouble;
  kafka: KafkaDoing;
  publisher: PublisherDoing;
}>;

/** The composition root: all of the ledger in one process, on one store. */
@Module({})
export class LedgerModule {
  /** @param opened the store itself; `store` is what stands before it. */
  static forRoot(
    runtime: Runtime,
    { opened, store }: Readonly<{ opened: SqliteEventStore; store: EventStore }>,
    doing: Doing,
    aroundKafka: AroundKafka,
  ): DynamicModule {
    const { clock, configuration } = runtime;
    const commands = CommandsModule.forRoot({
      store,
      clock,
      observer: decisionsObserver(runtime, doing.store),
    });
    const projections = ProjectionsModule.forRoot({
      store,
      folder: configuration.store,
      clock,
    });
    return {
      module: LedgerModule,
      imports: [
        RuntimeModule.forRoot(runtime),
        LedgerHttpModule.forRoot({ imports: [commands, projections] }),
        ...kafkaModule(runtime, {
          commands,
          store: { id: opened.id, epoch: opened.identity.epoch },
          doing: doing.kafka,
          around: aroundKafka,
        }),
      ],
    };
  }
}

/** None where no brokers are configured. */
const kafkaModule = (
  runtime: Runtime,
  {
    commands,
    store,
    doing,
    around,
  }: Readonly<{
    commands: DynamicModule;
    store: StoreMark;
    doing: KafkaDoing;
    around: AroundKafka;
  }>,
): readonly DynamicModule[] => {
  const { clock, configuration } = runtime;
  const { kafka } = configuration;
  if (!kafka) return [];
  return [
    KafkaModule.forRoot({
      imports: [commands],
      connection: kafkaConnection(kafka),
      topicPrefix: kafka.topicPrefix,
      sessionTimeoutMs: kafka.sessionTimeoutMs,
      store,
      replyTopics: kafka.replyTopics,
      clock,
      observer: kafkaObserver(runtime, doing),
      log: kafkaLog(runtime.log),
      around,
    }),
  ];
};
