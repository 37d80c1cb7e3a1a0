import { join } from 'node:path';
import type { Decided } from '#commands/answer.js';
import { Decisions } from '#commands/decisions.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import type { CommandConsumer } from '#kafka/command-consumer.js';
import { Projector } from '#projections/projector.js';
import { consumerOf } from './kafka/consuming.js';
import type { Life } from './life.js';
import { publisherOf } from './publishing.js';
import { decisionsObserver, projectorObserver } from './observers.js';
import { SimulatedEventStore } from './simulated-event-store.js';
import type { Surroundings } from './surroundings.js';
import { VirtualClock } from './virtual-clock.js';
import type { Taken } from './witness.js';

/** All of a ledger's process that lives and dies together. */
export type LedgerRun = Readonly<{
  life: Life;
  store: SimulatedEventStore;
  decisions: Decisions;
  consumer: CommandConsumer;
  projecting: AbortController;
  /** Projector and publisher have ended. */
  projected: Promise<unknown>;
  /** The commands that were taken and are not answered yet. */
  open: Set<Taken>;
}>;

type Parts = Readonly<{
  around: Surroundings;
  life: Life;
  /** Decides what comes by the topic. */
  submit: (run: LedgerRun, submitted: SubmittedCommand) => Promise<Decided>;
  /** The process has to end. */
  fatal: (error: unknown) => void;
  /** Records of the topic are in hand. */
  onGroup: () => void;
}>;

/** Starts consumer, decisions, projector and publisher on a store of their own. */
export const startRun = ({ around, life, submit, fatal, onGroup }: Parts): LedgerRun => {
  const { time, random, log, trouble, folder, aroundStore, findings } = around;
  const clock = new VirtualClock(time, life, random.fork());
  const store = new SimulatedEventStore({ log, time, life, clock, trouble });
  const seen = aroundStore(store);
  const publisher = publisherOf({ around, life, clock, store });
  const projecting = new AbortController();
  const projector = new Projector({
    store: seen,
    folder: join(folder, life.name),
    clock,
    observer: projectorObserver(findings, () => publisher.wake()),
  });
  const { signal } = projecting;
  const projected = Promise.all([projector.run(signal), publisher.run(signal)]).catch(fatal);
  const decisions = new Decisions(seen, clock, decisionsObserver(findings, fatal));
  const consumer = consumerOf({
    around,
    life,
    clock,
    submit: (submitted) => submit(run, submitted),
    fatal,
    onGroup,
  });
  const open = new Set<Taken>();
  const run: LedgerRun = { life, store, decisions, consumer, projecting, projected, open };
  void consumer.start();
  return run;
};
