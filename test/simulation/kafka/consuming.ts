import type { CommandBus } from '@nestjs/cqrs';
import type { Decided } from '#commands/answer.js';
import { CommandGateway } from '#commands/command-gateway.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { CommandConsumer } from '#kafka/command-consumer.js';
import type { CommandConsumerParts } from '#kafka/command-consumer.js';
import type { Clock } from '#runtime/clock.js';
import type { Life } from '../life.js';
import { decisionsObserver, kafkaObserver } from '../observers.js';
import { RoundTrips } from '../round-trips.js';
import type { Surroundings } from '../surroundings.js';
import { GroupMember } from './group-member.js';
import { MAY_BE_NAMED } from './letter-record.js';
import { SimulatedCommandSource } from './simulated-command-source.js';
import { SimulatedCopySink } from './simulated-copy-sink.js';
import { TOPICS } from './simulated-kafka.js';
import { SimulatedRecordSink } from './simulated-record-sink.js';

type Parts = Readonly<{
  around: Surroundings;
  life: Life;
  clock: Clock;
  submit: (command: SubmittedCommand) => Promise<Decided>;
  fatal: (error: Error) => void;
  onGroup: () => void;
}>;

/** The consumer of one run of a process: real from the bytes of a record to those of its answer. */
export const consumerOf = ({
  around,
  life,
  clock,
  submit,
  fatal,
  onGroup,
}: Parts): CommandConsumer => {
  const { kafka, time, random, findings } = around;
  const { meet } = findings;
  const observer = kafkaObserver(findings, fatal);
  const trips = new RoundTrips(time, life, kafka.wire);
  const member = new GroupMember({ name: life.name, kafka, clock, trips });
  const gateway = new CommandGateway(busTo(submit), clock, decisionsObserver(findings, fatal));
  const answer = async (incoming: IncomingCommand): Promise<Decided> => {
    const decided = await gateway.receive(incoming);
    const decidedNow = decided.answer.revision !== undefined && !decided.repeat;
    if (decidedNow && !kafka.group.has(life.name)) meet('decided by one who is no member any more');
    return decided;
  };
  const parts: CommandConsumerParts = {
    source: new SimulatedCommandSource({ member, clock, observer, meet, onGroup }),
    sink: new SimulatedRecordSink({ kafka, time, life, clock, trips, meet }),
    copies: new SimulatedCopySink({ kafka, time, clock, random: random.fork(), trips, meet }),
    answer,
    topics: TOPICS,
    replyTopics: MAY_BE_NAMED,
    clock,
    observer,
  };
  return new CommandConsumer({ ...parts, ...around.aroundConsumer(parts) });
};

/** In the place of Nest's bus, which hands every command to the one `Decisions` of its process. */
const busTo = (submit: Parts['submit']): CommandBus =>
  ({ execute: submit }) as unknown as CommandBus;
