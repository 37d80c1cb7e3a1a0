import { topicNames } from '#kafka/topic-names.js';
import type { Findings } from '../findings.js';
import type { Random } from '../random.js';
import type { VirtualTime } from '../virtual-time.js';
import type { Wire } from '../wire.js';
import { ConsumerGroup } from './consumer-group.js';
import { WitnessedTopics } from '../witnessed-topics.js';
import { SimulatedTopic } from './simulated-topic.js';

/** Fewer than there are authorizations, so that some share one. */
const PARTITIONS = 2;

/** A topic that callers may name for copies of their answers. */
export const REPLIES = 'shop.replies';

export const TOPICS = topicNames('');

/** The broker cannot be reached, or nothing came back: nobody knows whether it did what it was asked for. */
export class BrokerAway extends Error {
  override readonly name = 'BrokerAway';
}

type Parts = Readonly<{
  time: VirtualTime;
  random: Random;
  wire: Wire;
  findings: Findings;
  onCommitted: (partition: number, from: number, to: number) => void;
}>;

/** The broker: topics, the one consumer group, and what is the matter with it. */
export class SimulatedKafka {
  readonly wire: Wire;
  /** Of a partition and fetch: few records, so that there are many groups; or all that there are. */
  readonly fetchMax: number;
  readonly commands = new SimulatedTopic(TOPICS.commands, PARTITIONS);
  readonly answers = new SimulatedTopic(TOPICS.answers, PARTITIONS);
  readonly deadLetters = new SimulatedTopic(TOPICS.deadLetters, PARTITIONS);
  readonly replies = new SimulatedTopic(REPLIES, 1);
  /** What readers of events and views see, and its checkpoint. */
  readonly publication: WitnessedTopics;
  readonly group: ConsumerGroup;
  readonly #random: Random;
  readonly #findings: Findings;
  #away = false;
  #moving = 0;

  constructor({ time, random, wire, findings, onCommitted }: Parts) {
    const { meet } = findings;
    this.wire = wire;
    this.fetchMax = random.chance(0.05) ? Infinity : random.pick([3, 10, 30]);
    this.group = new ConsumerGroup({ time, partitions: PARTITIONS, meet, onCommitted });
    this.publication = new WitnessedTopics(findings);
    this.#random = random;
    this.#findings = findings;
  }

  goAway(): void {
    this.#away = true;
  }

  /** Leaders of partitions move: what is sent to one of them is not written, and nothing is said of it. */
  moveLeaders(probability: number): void {
    this.#moving = probability;
  }

  heal(): void {
    this.#away = false;
    this.#moving = 0;
  }

  get away(): boolean {
    if (this.#away) this.#findings.meet('broker away');
    return this.#away;
  }

  /** @throws {BrokerAway} */
  reach(): void {
    if (this.away) throw new BrokerAway('connection refused');
  }

  leaderHasMoved(): boolean {
    return this.#random.chance(this.#moving);
  }

  topicNamed(name: string): SimulatedTopic | undefined {
    const topics = [this.commands, this.answers, this.deadLetters, this.replies];
    return topics.find((topic) => topic.name === name);
  }

  /** Records that are not worked off. */
  lag(): number {
    const ends = this.commands.ends();
    return ends.reduce((sum, end, one) => sum + end - (this.group.reached[one] ?? 0), 0);
  }
}
