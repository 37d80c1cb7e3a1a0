import type { ViewTopic } from '#kafka/topic-names.js';
import type { Message, Messages } from './asyncapi-messages.ts';
import { eventSchemas } from './event-schemas.ts';
import { keyBinding } from './kafka-bindings.ts';
import { checkpointExample, eventExamples, viewExamples } from './publication-examples.ts';
import { describedViews } from './view-schemas.ts';

const schema = (place: string) => ({ $ref: `./schemas/${place}.json` });

const contentType = 'application/json';

const authorizationKey = '{merchantAccountId}/{authorizationId}';
const keys = {
  authorization: keyBinding(authorizationKey),
  capture: keyBinding(`${authorizationKey}/{captureId}`),
};

const eventMessage = (type: string): Message => {
  const example = eventExamples.get(type);
  return {
    name: type,
    title: type,
    summary: eventSchemas.get(type)?.['description'],
    contentType,
    headers: schema('headers/event'),
    payload: schema(`events/${type}`),
    bindings: keys.authorization,
    ...(example && { examples: [example] }),
  };
};

/** `…Event`, for an answer has the name of one of them. */
export const eventMessages: Messages = Object.fromEntries(
  [...eventSchemas.keys()].map((type) => [`${type}Event`, eventMessage(type)]),
);

const viewMessages = (view: ViewTopic): Messages => {
  const { component, per, says } = describedViews[view];
  return {
    [`${component}View`]: {
      name: view,
      title: component,
      summary: says,
      contentType,
      headers: schema('headers/value'),
      payload: schema(`views/${view}`),
      bindings: keys[per],
      examples: [viewExamples[view]],
    },
    [`${component}Tombstone`]: {
      name: `${view}-tombstone`,
      title: `${component}, deleted`,
      summary:
        'The key is in the view no more: its new version or a restored ledger shows nothing of it.',
      headers: { type: 'object', description: 'None of ours.' },
      payload: { type: 'null' },
      bindings: keys[per],
    },
  };
};

/** By view: what its topic has. */
export const messagesOfViews: Readonly<Record<ViewTopic, Messages>> = {
  'capture-sequence': viewMessages('capture-sequence'),
  'refund-balance': viewMessages('refund-balance'),
  'final-capture': viewMessages('final-capture'),
  capture: viewMessages('capture'),
};

export const checkpointMessages: Messages = {
  Checkpoint: {
    name: 'Checkpoint',
    title: 'Where the publication of a shard stands',
    summary: 'The ledger’s own, and nobody else’s to write or to build on.',
    contentType,
    headers: schema('headers/value'),
    payload: schema('checkpoint'),
    bindings: keyBinding('The number of the shard.'),
    examples: [checkpointExample],
  },
};

/** All of them. */
export const publishedMessages: Messages = {
  ...eventMessages,
  ...messagesOfViews['capture-sequence'],
  ...messagesOfViews['refund-balance'],
  ...messagesOfViews['final-capture'],
  ...messagesOfViews.capture,
  ...checkpointMessages,
};
