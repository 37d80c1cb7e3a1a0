import type { InboundGroup } from '#kafka/command-source.js';
import type { InboundRecord } from '#kafka/records.js';

/** What is done with a group, besides noting it down. */
type Task = (group: InboundGroup) => Promise<void>;

/** Works on the groups of a source: notes down what it was handed, and what it got done with. */
export class Worker {
  /** Records in the order in which they were handed over; again where they came again. */
  readonly handed: InboundRecord[] = [];
  readonly done: InboundRecord[] = [];
  /** Records of each group that was handed over. */
  readonly sizes: number[] = [];
  /** Groups that were under way at the same time, at most. */
  mostAtOnce = 0;
  #atOnce = 0;
  #task: Task;

  constructor(task: Task = () => Promise.resolve()) {
    this.#task = task;
  }

  /** From the next group on. */
  does(task: Task): void {
    this.#task = task;
  }

  readonly work = async (group: InboundGroup): Promise<void> => {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    this.handed.push(...group.records);
    this.sizes.push(group.records.length);
    try {
      await this.#task(group);
      this.done.push(...group.records);
    } finally {
      this.#atOnce -= 1;
    }
  };

  get handedValues(): string[] {
    return this.handed.map(({ value }) => String(value));
  }

  get doneValues(): string[] {
    return this.done.map(({ value }) => String(value));
  }
}
