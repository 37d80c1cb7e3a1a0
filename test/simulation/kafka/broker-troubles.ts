import type { Random } from '../random.js';
import type { VirtualTime } from '../virtual-time.js';
import type { SimulatedKafka } from './simulated-kafka.js';

type Parts = Readonly<{
  time: VirtualTime;
  random: Random;
  kafka: SimulatedKafka;
  /** When all is well again: milliseconds since the simulation began. */
  until: number;
}>;

/** Plans what goes wrong with the broker; whoever heals it ends that. */
export const planTroublesOfBroker = ({ time, random, kafka, until }: Parts): void => {
  const sometime = () => random.whole(1, until);
  if (random.chance(0.3)) {
    const at = sometime();
    time.after(at, 'the broker is away', () => kafka.goAway());
    time.after(at + random.whole(20, random.pick([500, 4_000])), 'the broker is back', () =>
      kafka.heal(),
    );
  }
  if (random.chance(0.3)) {
    const probability = random.pick([0.1, 0.3, 0.6]);
    time.after(sometime(), 'leaders of partitions move', () => kafka.moveLeaders(probability));
  }
  if (random.chance(0.1))
    time.after(sometime(), 'the offsets are lost', () => kafka.group.forgetOffsets());
};
