import type { TopicNames, ViewTopic } from '#kafka/topic-names.js';
import type { Messages } from './asyncapi-messages.ts';
import { checkpointMessages, eventMessages, messagesOfViews } from './publication-messages.ts';
import { describedViews } from './view-schemas.ts';

/** A channel that is published to, and the operation that publishes. */
export type PublishedChannel = Readonly<{
  channel: string;
  topic: keyof TopicNames;
  title: string;
  description: string;
  operation: string;
  operationTitle: string;
  messages: Messages;
}>;

const views = Object.keys(describedViews) as readonly ViewTopic[];

export const publishedChannels: readonly PublishedChannel[] = [
  {
    channel: 'events',
    topic: 'events',
    title: 'Events',
    description: 'Every event, once, those of an authorization in their order; kept for ever.',
    operation: 'publishEvent',
    operationTitle: 'Publish an event',
    messages: eventMessages,
  },
  ...views.map((view): PublishedChannel => {
    const { component, per, says } = describedViews[view];
    return {
      channel: `${component.charAt(0).toLowerCase()}${component.slice(1)}View`,
      topic: view,
      title: `The view ${view}`,
      description: `${says} One key for each ${per}, compacted.`,
      operation: `publish${component}View`,
      operationTitle: `Publish the view ${view}`,
      messages: messagesOfViews[view],
    };
  }),
  {
    channel: 'checkpoints',
    topic: 'checkpoints',
    title: 'Checkpoints',
    description: 'The ledger’s own: where the publication of each shard stands.',
    operation: 'keepCheckpoint',
    operationTitle: 'Keep where the publication stands',
    messages: checkpointMessages,
  },
];
