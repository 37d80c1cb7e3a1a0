/** A partition. */
export type Place = Readonly<{ topic: string; partition: number }>;

type Topics<Of> = readonly Readonly<{ topic: string; partitions: readonly Of[] }>[];

type Coordinator = Readonly<{
  offsetFetch(
    of: Readonly<{ groupId: string; topics: Topics<object> }>,
  ): Promise<Readonly<{ responses: Topics<Readonly<{ metadata: string | null }>> }>>;
  offsetCommit(
    commit: Readonly<{
      groupId: string;
      memberId: string;
      groupGenerationId: number;
      topics: Topics<object>;
    }>,
  ): Promise<unknown>;
}>;

/** Of a consumer's membership: `consumer/offsetManager`. */
export type OffsetManager = {
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
  readonly cluster: Readonly<{
    fetchTopicsOffset(topics: readonly object[]): Promise<Topics<Readonly<{ offset: string }>>>;
  }>;
  readonly topicConfigurations: Readonly<Record<string, object>>;
  getCoordinator(): Promise<Coordinator>;
  clearOffsets(place: Place): void;
  setDefaultOffset(place: Place): Promise<void>;
};

/**
 * Where the record that is to be read next is gone, kafkajs commits -2 for "the oldest", and nothing of what the
 * offset was committed with: a mark is lost by it. Here the oldest that is there is committed (the newest, without
 * `fromBeginning`), with what the last commit had. It has to be: a topic that was made anew may grow past the old
 * offset while nobody reads it.
 */
export const commitDefaultOffset = async (
  manager: OffsetManager,
  { topic, partition }: Place,
): Promise<void> => {
  const { groupId, memberId, generationId: groupGenerationId, cluster } = manager;
  const topics = [{ topic, partitions: [{ partition }] }];
  const wanted = { ...topics[0], ...manager.topicConfigurations[topic] };
  const offset = partOf(await cluster.fetchTopicsOffset([wanted])).offset;
  const coordinator = await manager.getCoordinator();
  const { metadata } = partOf((await coordinator.offsetFetch({ groupId, topics })).responses);
  const partitions = [{ partition, offset, metadata }];
  await coordinator.offsetCommit({
    groupId,
    memberId,
    groupGenerationId,
    topics: [{ topic, partitions }],
  });
  manager.clearOffsets({ topic, partition });
};

/** Of the one partition that was asked for. */
const partOf = <Of>(answer: Topics<Of>): Of => {
  const [part] = answer.flatMap(({ partitions }) => partitions);
  if (!part) throw new Error('the broker has not answered what it was asked');
  return part;
};
