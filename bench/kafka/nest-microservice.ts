// What a team would build instead: a NestJS microservice on Nest's Kafka transport that keeps each command in
// SQLite, durably, and replies. No decisions, no events, no views.
// `node nest-microservice.ts BROKER GROUP TOPIC PARTITIONS FOLDER`.
import 'reflect-metadata';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import type { KafkaContext, MicroserviceOptions } from '@nestjs/microservices';

const [broker = '', groupId = '', topic = '', partitions = '', folder = ''] = process.argv.slice(2);

const database = new DatabaseSync(join(folder, 'commands.db'));
database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
database.exec('CREATE TABLE commands(id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT');
const insert = database.prepare('INSERT OR IGNORE INTO commands(id, body) VALUES (?, ?)');

class Commands {
  take(body: unknown, context: KafkaContext): Readonly<{ commandId: string; outcome: string }> {
    const commandId = String(context.getMessage().headers?.['ce_id']);
    insert.run(commandId, JSON.stringify(body));
    return { commandId, outcome: 'accepted' };
  }
}
// Node runs this file without a compiler, so that the decorators are called as functions.
Controller()(Commands);
Payload()(Commands.prototype, 'take', 0);
Ctx()(Commands.prototype, 'take', 1);
MessagePattern(topic)(
  Commands.prototype,
  'take',
  Object.getOwnPropertyDescriptor(Commands.prototype, 'take')!,
);

class Microservice {
  readonly commands = Commands;
}
Module({ controllers: [Commands] })(Microservice);

const app = await NestFactory.createMicroservice<MicroserviceOptions>(Microservice, {
  logger: ['error'],
  transport: Transport.KAFKA,
  options: {
    postfixId: '',
    client: { brokers: [broker] },
    consumer: { groupId },
    subscribe: { fromBeginning: true },
    run: { partitionsConsumedConcurrently: Number(partitions) },
  },
});
await app.listen();
