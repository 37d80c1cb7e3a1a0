/** Of kafkajs' keeper of sequence numbers: every request of a send begins and ends with these. */
type BrokerLocks = Readonly<{
  acquireBrokerLock: (broker: unknown) => Promise<void>;
  releaseBrokerLock: (broker: unknown) => Promise<void> | void;
}>;

type Attempt = (...told: unknown[]) => Promise<unknown>;

type SenderParts = Readonly<{
  eosManager: BrokerLocks;
  retrier: (attempt: Attempt) => Promise<unknown>;
}>;

type Send = (send: unknown) => Promise<unknown>;

/** What makes the function with which kafkajs' producers send: `producer/sendMessages.js`. */
export type MakeSender = (parts: SenderParts) => Send;

/**
 * kafkajs asks several brokers at once, and tries again as soon as the first of them fails, while others
 * are still at it: those get their share a second time, under new sequence numbers, so that it is on the
 * topic twice, and committed twice where it is in a transaction. A leader that moves does that, and with
 * more than one broker so does every transaction that begins right after another. Here it tries again when
 * all of them have answered, and then asks only those that failed.
 */
export const settledSends =
  (make: MakeSender): MakeSender =>
  (parts) =>
  (send) => {
    const requests = new Requests(parts.eosManager);
    const retrier: SenderParts['retrier'] = (attempt) =>
      parts.retrier(async (...told) => {
        try {
          return await attempt(...told);
        } catch (error) {
          await requests.settled();
          throw error;
        }
      });
    return make({ ...parts, eosManager: requests.eosManager, retrier })(send);
  };

/** The requests of one send that are under way. */
class Requests {
  /** In the place of kafkajs' own, for this one send. */
  readonly eosManager: BrokerLocks;
  #underWay = 0;
  #settled = Promise.withResolvers<void>();

  constructor(eosManager: BrokerLocks) {
    const locks: BrokerLocks = {
      acquireBrokerLock: async (broker) => {
        this.#underWay += 1;
        try {
          await eosManager.acquireBrokerLock(broker);
        } catch (error) {
          this.#end();
          throw error;
        }
      },
      releaseBrokerLock: async (broker) => {
        await eosManager.releaseBrokerLock(broker);
        this.#end();
      },
    };
    this.eosManager = Object.assign(Object.create(eosManager) as BrokerLocks, locks);
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    while (this.#underWay > 0) await this.#settled.promise;
  }

  #end(): void {
    this.#underWay -= 1;
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}
