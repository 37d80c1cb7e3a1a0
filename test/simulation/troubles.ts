import type { Findings } from './findings.js';
import { SESSION_TIMEOUT } from './kafka/consumer-group.js';
import { planTroublesOfBroker } from './kafka/broker-troubles.js';
import type { SimulatedKafka } from './kafka/simulated-kafka.js';
import type { LedgerProcess } from './ledger-process.js';
import type { Random } from './random.js';
import type { Outage, StoreTrouble } from './store-trouble.js';
import { loseViews, viewsOnDisk } from './views-folder.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire, WireFaults } from './wire.js';

const OUTAGES: readonly [Outage, ...Outage[]] = ['busy', 'full', 'unreachable'];

/** Some simulations have much of one trouble and nothing of another: that finds more than all of each. */
export const anyWireFaults = (random: Random): WireFaults => ({
  lost: random.pick([0, 0, 0.03, 0.1, 0.25]),
  slow: random.pick([0, 0, 0.03, 0.1, 0.25]),
});

type Parts = Readonly<{
  time: VirtualTime;
  random: Random;
  processes: readonly LedgerProcess[];
  trouble: StoreTrouble;
  kafka: SimulatedKafka;
  wires: readonly Wire[];
  folder: string;
  findings: Findings;
  /** When all is well again: milliseconds since the simulation began. */
  until: number;
}>;

/** Plans what goes wrong, and that it ends. */
export const planTroubles = (parts: Parts): void => {
  const { time, random, processes, trouble, kafka, wires, folder, until } = parts;
  const sometime = () => random.whole(1, until);
  for (const process of processes) {
    const ends = random.pick([0, 0, 1, 2, 4]);
    for (let end = 0; end < ends; end += 1) planEnd(parts, process, sometime());
    if (random.chance(0.4)) planPause(parts, process, sometime());
  }
  const outages = random.pick([0, 0, 1, 3]);
  for (let outage = 0; outage < outages; outage += 1) {
    const kind = random.pick(OUTAGES);
    const share = random.pick([1, 1, 0.5]);
    const at = sometime();
    time.after(at, `the store is ${kind}`, () => trouble.begin(kind, share));
    const ends = Math.min(until, at + random.whole(20, random.pick([600, 600, 4_000])));
    time.after(ends, 'the store is back', () => trouble.end());
  }
  if (random.chance(0.2))
    time.after(sometime(), 'the views are lost', () => {
      // Whoever had them open would go on with a file that nobody else sees.
      for (const process of processes) killAndStart(parts, process);
      loseViews(folder);
    });
  if (random.chance(0.3)) planPowerLoss(parts, sometime());
  planTroublesOfBroker(parts);
  time.after(until, 'all is well', () => {
    trouble.end();
    kafka.heal();
    for (const wire of wires) wire.heal();
  });
};

const planEnd = (parts: Parts, process: LedgerProcess, at: number): void => {
  const { random } = parts;
  const { name } = process;
  switch (random.pick(['kill', 'kill', 'stop', 'break'])) {
    case 'kill':
      plan(parts, process, at, `${name} is killed`, () => killAndStart(parts, process));
      break;
    case 'stop':
      plan(parts, process, at, `${name} is stopped`, () => {
        void process.stop().then(() => startAgain(parts, process));
      });
      break;
    default:
      plan(parts, process, at, `the writer of ${name} dies`, () => process.breakStore());
  }
};

/** In the midst of a transaction; and what was written to the views last is not there any more. */
const planPowerLoss = (parts: Parts, at: number): void => {
  const { time, random, processes, kafka, findings, folder, until } = parts;
  const fail = (setBack: () => void) => {
    if (time.passed > until) return;
    for (const process of processes) killAndStart(parts, process);
    setBack();
    findings.meet('views set back by the power');
  };
  time.after(at, 'the views reach the disk', () => {
    const setBack = viewsOnDisk(folder);
    kafka.publication.atNextWrite(() =>
      time.after(random.whole(0, 15), 'the power fails', () => fail(setBack)),
    );
  });
};

/** Short, or so long that others have what it was working on when it goes on. */
const planPause = (parts: Parts, process: LedgerProcess, at: number): void => {
  const { random } = parts;
  const milliseconds = random.chance(0.2)
    ? random.whole(50, 500)
    : SESSION_TIMEOUT + random.whole(100, 3_000);
  plan(parts, process, at, `${process.name} is paused`, () => process.pause(milliseconds));
};

/** At that time, or in the midst of the records that the process takes next after it. */
const plan = (
  { time, random, until }: Parts,
  process: LedgerProcess,
  at: number,
  what: string,
  happen: () => void,
): void => {
  const milliseconds = random.whole(0, 60);
  if (random.chance(0.4)) time.after(at, what, happen);
  else
    time.after(at, `${what} with its next records`, () =>
      process.atNextGroup(() => {
        if (time.passed < until) time.after(milliseconds, what, happen);
      }),
    );
};

const killAndStart = (parts: Parts, process: LedgerProcess): void => {
  process.kill();
  startAgain(parts, process);
};

const startAgain = ({ time, random }: Parts, process: LedgerProcess): void => {
  time.after(random.whole(1, 300), `${process.name} is started again`, () => process.start());
};
