// Everything that is measured, each against a baseline in the same run. `npm run bench` takes about
// ten minutes; `npm run bench -- --full` also grows the store to 5 million events and replays a million.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Row } from './row.ts';

const full = process.argv.includes('--full');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const benches: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  append: async () => (await import('./append.ts')).appendRows(),
  commands: async () => {
    const { rows, profile } = await (await import('./commands.ts')).commandRows();
    console.log(
      `\nWhere the main thread's time goes, commands with 64 in flight:\n${profile.join('\n')}\n`,
    );
    return rows;
  },
  replay: async () => (await import('./replay.ts')).replayRows(full ? 1_000_000 : 100_000),
  kafka: async () => (await import('./kafka.ts')).kafkaRows(),
  growth: async () =>
    (await import('./growth.ts')).growthRows(
      full ? [100_000, 1_000_000, 5_000_000] : [100_000, 1_000_000],
    ),
};

const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`${name} …`);
  const measured = await bench();
  console.table(measured.map(printable));
  rows.push(...measured);
}

function printable({ name, baseline, value, unit, ratio, target, met }: Row) {
  return {
    what: name,
    against: baseline,
    measured: `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ${unit}`,
    ratio: ratio?.toFixed(2) ?? '',
    target,
    met: met ? 'yes' : 'NO',
  };
}

const machine = {
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
mkdirSync('bench/results', { recursive: true });
const file = `bench/results/${new Date().toISOString().replaceAll(':', '-')}.json`;
writeFileSync(file, `${JSON.stringify({ machine, full, rows }, undefined, 2)}\n`);
console.log(
  `${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; written to ${file}`,
);
