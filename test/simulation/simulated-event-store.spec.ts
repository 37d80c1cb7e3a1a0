import { setImmediate as turn } from 'node:timers/promises';
import { itKeepsTheEventStoreContract } from '../contracts/event-store.contract.js';
import { Life } from './life.js';
import { Random } from './random.js';
import { SimulatedEventStore } from './simulated-event-store.js';
import { SimulatedLog } from './simulated-log.js';
import { StoreTrouble } from './store-trouble.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualTime } from './virtual-time.js';
import { Wire } from './wire.js';

describe('the simulated event store, as long as nothing goes wrong', () => {
  let over: AbortController;

  /** The suite waits for the store and not for virtual time, so that goes on by itself. */
  const keepRunning = async (time: VirtualTime): Promise<void> => {
    over = new AbortController();
    const { signal } = over;
    while (!signal.aborted) {
      let happened = 0;
      await time.run(() => (happened += 1) > 100, Infinity);
      await turn();
    }
  };
  afterEach(() => over.abort());

  itKeepsTheEventStoreContract(async () => {
    const random = new Random(1);
    const time = new VirtualTime();
    const life = new Life('the suite', time);
    void keepRunning(time);
    return new SimulatedEventStore({
      log: new SimulatedLog(() => undefined),
      time,
      life,
      clock: new VirtualClock(time, life, random),
      trouble: new StoreTrouble(new Wire(random, { lost: 0, slow: 0 }), random, () => undefined),
    });
  });
});
