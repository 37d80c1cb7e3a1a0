import type { Profiler } from 'node:inspector';

/** The self time of a profile of the main thread by room or package, largest first, in per cent. */
export const sharesOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): string[] => {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  let whole = 0;
  for (const [index, id] of samples.entries()) {
    const time = timeDeltas[index] ?? 0;
    const place = places.get(id) ?? '(unknown)';
    whole += time;
    times.set(place, (times.get(place) ?? 0) + time);
  }
  return [...times]
    .toSorted(([, one], [, other]) => other - one)
    .map(([place, time]) => `${((time / whole) * 100).toFixed(1).padStart(5)} %  ${place}`)
    .slice(0, 14);
};

const placeOf = ({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string =>
  /\/dist\/(libs\/[^/]+)/.exec(url)?.[1] ??
  /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
  (url.startsWith('node:') ? url : functionName || '(native)');
