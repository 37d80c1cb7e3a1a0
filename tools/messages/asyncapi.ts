import { readFileSync } from 'node:fs';
import { commandsGroup, topicNames } from '#kafka/topic-names.js';
import {
  answerMessages,
  commandMessages,
  deadLetterMessages,
  replyCorrelation,
} from './asyncapi-messages.ts';
import { channelBindings, groupBinding } from './kafka-bindings.ts';
import { publishedChannels } from './publication-channels.ts';
import { publishedMessages } from './publication-messages.ts';

type Described = Readonly<Record<string, unknown>>;

const topics = topicNames('');
const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const bindings = channelBindings(topics);

const ref = (to: string) => ({ $ref: to });

/** Messages of a channel, which are described among the components. */
const messagesOf = (messages: object) =>
  Object.fromEntries(
    Object.keys(messages).map((name) => [name, ref(`#/components/messages/${name}`)]),
  );

const channels: Described = {
  commands: {
    address: topics.commands,
    bindings: bindings.get(topics.commands),
    title: 'Commands',
    description:
      'Whoever may write here acts for every merchant account: the boundary between merchants is the topic’s ACL.',
    messages: messagesOf(commandMessages),
  },
  answers: {
    address: topics.answers,
    bindings: bindings.get(topics.answers),
    title: 'Answers',
    description: 'The answer to every record of the commands topic, in their order.',
    messages: messagesOf(answerMessages),
  },
  replies: {
    address: null,
    title: 'A caller’s own topic',
    description:
      'Copies of answers, as far as they can be written. The answers topic has all of them.',
    messages: messagesOf(answerMessages),
  },
  deadLetters: {
    address: topics.deadLetters,
    bindings: bindings.get(topics.deadLetters),
    title: 'Dead letters',
    description: 'For operators: `capture-ledger dead-letters`.',
    messages: messagesOf(deadLetterMessages),
  },
  ...Object.fromEntries(
    publishedChannels.map(({ channel, topic, title, description, messages }) => {
      const address = topics[topic];
      const described = { address, bindings: bindings.get(address), title, description };
      return [channel, { ...described, messages: messagesOf(messages) }];
    }),
  ),
};

const inChannel = (channel: string, messages: object) =>
  Object.keys(messages).map((name) => ref(`#/channels/${channel}/messages/${name}`));

const operations: Described = {
  receiveCommand: {
    action: 'receive',
    channel: ref('#/channels/commands'),
    title: 'Take a command',
    summary: 'Decides it, once, and answers it, however often it is sent.',
    messages: inChannel('commands', commandMessages),
    bindings: groupBinding(commandsGroup('')),
    reply: {
      address: {
        location: '$message.header#/kafka_replyTopic',
        description: 'Absent: there is no copy.',
      },
      channel: ref('#/channels/replies'),
      messages: inChannel('replies', answerMessages),
    },
  },
  sendAnswer: {
    action: 'send',
    channel: ref('#/channels/answers'),
    title: 'Answer a command',
    summary: 'Every command, also one whose caller wants a copy.',
    messages: inChannel('answers', answerMessages),
  },
  keepDeadLetter: {
    action: 'send',
    channel: ref('#/channels/deadLetters'),
    title: 'Keep what could not be decided',
    messages: inChannel('deadLetters', deadLetterMessages),
  },
  ...Object.fromEntries(
    publishedChannels.map(({ channel, operation, operationTitle, messages }) => [
      operation,
      {
        action: 'send',
        channel: ref(`#/channels/${channel}`),
        title: operationTitle,
        messages: inChannel(channel, messages),
      },
    ]),
  ),
};

/** What the ledger takes and gives over Kafka, in AsyncAPI 3; schemas are files beside it. */
export const asyncApiDocument = (): Described => ({
  asyncapi: '3.1.0',
  info: {
    title: 'Capture Ledger',
    version,
    description:
      'Commands go in; answers, events and views come out. What senders and readers must know is in README.md.',
    license: { name: 'Apache-2.0' },
  },
  servers: {
    local: {
      host: 'localhost:9092',
      protocol: 'kafka',
      description: 'As `npm run kafka` starts it.',
    },
  },
  defaultContentType: 'application/json',
  channels,
  operations,
  components: {
    messages: {
      ...commandMessages,
      ...answerMessages,
      ...deadLetterMessages,
      ...publishedMessages,
    },
    correlationIds: { replyCorrelation },
  },
});
