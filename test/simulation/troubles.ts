import type { LedgerProcess } from './ledger-process.js';
import type { Random } from './random.js';
import type { Outage, StoreTrouble } from './store-trouble.js';
import { loseViews } from './views-folder.js';
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
  wires: readonly Wire[];
  folder: string;
  /** When all is well again: milliseconds since the simulation began. */
  until: number;
}>;

/** Plans what goes wrong, and that it ends. */
export const planTroubles = (parts: Parts): void => {
  const { time, random, processes, trouble, wires, folder, until } = parts;
  const sometime = () => random.whole(1, until);
  for (const process of processes) {
    const ends = random.pick([0, 0, 1, 2, 4]);
    for (let end = 0; end < ends; end += 1) planEnd(parts, process, sometime());
  }
  const outages = random.pick([0, 0, 1, 3]);
  for (let outage = 0; outage < outages; outage += 1) {
    const kind = random.pick(OUTAGES);
    const at = sometime();
    time.after(at, `the store is ${kind}`, () => trouble.begin(kind));
    time.after(Math.min(until, at + random.whole(20, 600)), 'the store is back', () =>
      trouble.end(),
    );
  }
  if (random.chance(0.2))
    time.after(sometime(), 'the views are lost', () => {
      // Whoever had them open would go on with a file that nobody else sees.
      for (const process of processes) killAndStart(parts, process);
      loseViews(folder);
    });
  time.after(until, 'all is well', () => {
    trouble.end();
    for (const wire of wires) wire.heal();
  });
};

const planEnd = (parts: Parts, process: LedgerProcess, at: number): void => {
  const { time, random } = parts;
  const { name } = process;
  switch (random.pick(['kill', 'kill', 'stop', 'break'])) {
    case 'kill':
      time.after(at, `${name} is killed`, () => killAndStart(parts, process));
      break;
    case 'stop':
      time.after(at, `${name} is stopped`, () => {
        void process.stop().then(() => startAgain(parts, process));
      });
      break;
    default:
      time.after(at, `the writer of ${name} dies`, () => process.breakStore());
  }
};

const killAndStart = (parts: Parts, process: LedgerProcess): void => {
  process.kill();
  startAgain(parts, process);
};

const startAgain = ({ time, random }: Parts, process: LedgerProcess): void => {
  time.after(random.whole(1, 300), `${process.name} is started again`, () => process.start());
};
