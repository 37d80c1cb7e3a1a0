import type { Consuming, KafkaObserver } from '#kafka/kafka-observer.js';

/** All that an observer was told, in its order. */
export class Heard {
  readonly states: { state: Consuming; detail: string | undefined }[] = [];
  readonly restarted: Error[] = [];
  readonly refused: Error[] = [];
  readonly fatal: Error[] = [];
  readonly resent: number[] = [];
  readonly copiesFailed: { topic: string; why: string; failure: string }[] = [];

  readonly observer: Pick<
    KafkaObserver,
    'consuming' | 'restarted' | 'commitRefused' | 'fatal' | 'resent' | 'copyFailed'
  > = {
    consuming: (state, detail) => void this.states.push({ state, detail }),
    restarted: (error) => void this.restarted.push(error),
    commitRefused: (error) => void this.refused.push(error),
    fatal: (error) => void this.fatal.push(error),
    resent: (partitions) => void this.resent.push(partitions),
    copyFailed: (topic, why, failure) => void this.copiesFailed.push({ topic, why, failure }),
  };

  get state(): Consuming | undefined {
    return this.states.at(-1)?.state;
  }
}
