import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CommandsModule } from '#commands/commands.module.js';
import type { EventStore } from '#event-store/event-store.js';
import { LedgerHttpModule } from '#http/ledger-http.module.js';
import { KafkaModule } from '#kafka/kafka.module.js';
import type { AroundKafka } from '#kafka/kafka.module.js';
import { ProjectionsModule } from '#projections/projections.module.js';
import type { Runtime } from '#runtime/runtime.js';
import { RuntimeModule } from '#runtime/runtime.module.js';
import { kafkaConnection, kafkaLog } from './kafka-connection.js';
import { kafkaObserver } from './kafka-observer.js';
import type { KafkaDoing } from './kafka-observer.js';
import { decisionsObserver, projectorObserver } from './observers.js';
import type { ProjectorDoing, StoreTrouble } from './watch.js';

/** What the parts of this process were last heard to be doing. */
export type Doing = Readonly<{
  projector: ProjectorDoing;
  store: StoreTrouble;
  kafka: KafkaDoing;
}>;

/** The composition root: all of the ledger in one process, on one store. */
@Module({})
export class LedgerModule {
  static forRoot(
    runtime: Runtime,
    store: EventStore,
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
      observer: projectorObserver(runtime, doing.projector),
    });
    return {
      module: LedgerModule,
      imports: [
        RuntimeModule.forRoot(runtime),
        LedgerHttpModule.forRoot({ imports: [commands, projections] }),
        ...kafkaModule(runtime, commands, doing.kafka, aroundKafka),
      ],
    };
  }
}

/** None where no brokers are configured. */
const kafkaModule = (
  runtime: Runtime,
  commands: DynamicModule,
  doing: KafkaDoing,
  around: AroundKafka,
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
      replyTopics: kafka.replyTopics,
      clock,
      observer: kafkaObserver(runtime, doing),
      log: kafkaLog(runtime.log),
      around,
    }),
  ];
};
