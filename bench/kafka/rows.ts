// What the Kafka bench measured, as lines of its table.
import { medianOf } from '../median.ts';
import type { Row } from '../row.ts';
import type { Latency } from './latency.ts';

/** Records a second of each way, round by round. */
export type Rates = Readonly<
  Record<'echo' | 'ledger' | 'nest' | 'chain' | 'mover', readonly number[]>
>;

export const throughputRows = (rates: Rates): readonly Row[] => {
  const ratio = (one: keyof Rates, other: keyof Rates): number =>
    medianOf(rates[one].map((rate, round) => rate / rates[other][round]!));
  const row = (
    name: string,
    [one, other]: readonly [keyof Rates, keyof Rates],
    baseline: string,
    least: number,
  ): Row => ({
    name,
    value: medianOf(rates[one]),
    unit: 'commands/s',
    baseline,
    ratio: ratio(one, other),
    target: `>= ${least}`,
    met: ratio(one, other) >= least,
  });
  return [
    row('commands answered', ['ledger', 'echo'], 'stock kafkajs echo', 0.3),
    row('commands answered', ['ledger', 'nest'], 'Nest microservice', 3),
    row('answered, events and views published', ['chain', 'echo'], 'stock kafkajs echo', 0.2),
    row('answered, events and views published', ['chain', 'mover'], 'libs/kafka alone', 0.35),
  ];
};

/** Of commands to their answers; and of commands to their views, against nothing. */
export const latencyRows = (
  name: string,
  ledger: readonly Latency[],
  echo: readonly Latency[] | undefined,
): readonly Row[] =>
  (['p50', 'p99'] as const).map((part) => {
    const ratio =
      echo && medianOf(ledger.map((measured, round) => measured[part] / echo[round]![part]));
    const isBound = part === 'p99' && ratio !== undefined;
    return {
      name: `${name}, ${part}`,
      baseline: echo ? 'stock kafkajs echo' : '',
      value: medianOf(ledger.map((measured) => measured[part])),
      unit: 'ms',
      ratio,
      target: isBound ? '<= 5' : 'shown',
      met: !isBound || ratio <= 5,
    };
  });

export const costRows = (idle: number, memory: number): readonly Row[] => [
  {
    name: 'idle, one broker',
    baseline: 'a core',
    value: idle * 100,
    unit: '%',
    ratio: undefined,
    target: '<= 2 %',
    met: idle <= 0.02,
  },
  {
    name: 'most memory under load',
    baseline: '',
    value: memory,
    unit: 'MiB',
    ratio: undefined,
    target: '<= 900 MiB',
    met: memory <= 900,
  },
];
