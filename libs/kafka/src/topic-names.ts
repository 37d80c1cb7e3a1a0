/** Every topic that we write or read. */
export type TopicNames = Readonly<{
  commands: string;
  deadLetters: string;
  answers: string;
  events: string;
  checkpoints: string;
  leases: string;
}> &
  Readonly<Record<ViewTopic, string>>;

/** The views that have a topic, as they are named in it. */
export type ViewTopic = 'capture-sequence' | 'refund-balance' | 'final-capture' | 'capture';

/**
 * Names are `capture.<what>.v<major>`; a change of shape is a new topic.
 *
 * @param prefix put before each, so that several ledgers can be on one cluster: `test.`; usually ''.
 */
export const topicNames = (prefix: string): TopicNames => ({
  commands: `${prefix}capture.commands.v1`,
  deadLetters: `${prefix}capture.commands.v1.dead-letter`,
  answers: `${prefix}capture.answers.v1`,
  events: `${prefix}capture.events.v1`,
  'capture-sequence': `${prefix}capture.views.capture-sequence.v1`,
  'refund-balance': `${prefix}capture.views.refund-balance.v1`,
  'final-capture': `${prefix}capture.views.final-capture.v1`,
  capture: `${prefix}capture.views.capture.v1`,
  checkpoints: `${prefix}capture.checkpoints.v1`,
  leases: `${prefix}capture.leases.v1`,
});

/** The consumer group of all instances of one ledger. Another name is a fresh group: it reads all again. */
export const commandsGroup = (prefix: string): string => `${prefix}capture-commands`;

/** The consumer group whose members may try to publish, one for each shard: see lease.ts. */
export const leasesGroup = (prefix: string): string => `${prefix}capture-leases`;

/** Who publishes a shard, for the broker, which refuses every other one under this name. */
export const publisherId = (prefix: string, shard: number): string =>
  `${prefix}capture-publisher-${shard}`;
