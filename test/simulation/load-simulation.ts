import { jest } from '@jest/globals';

/** By the name of a module of the ledger: what is loaded in its place. */
export type Replacements = Readonly<Record<string, () => object | Promise<object>>>;

/** jest keeps what replaces a module until it is told otherwise. */
let replaced: readonly string[] = [];

/**
 * The simulation on the real ledger, loaded anew. What the projector has on its disk is kept in memory:
 * that is all of the ledger's input and output that comes through no port.
 *
 * @param breakLedger what is broken on purpose; it may look at the modules as they are.
 */
export const loadSimulation = async (
  breakLedger: () => Replacements | Promise<Replacements> = () => ({}),
) => {
  for (const name of replaced) jest.unstable_unmockModule(name);
  jest.resetModules();
  const replacements = { ...(await withoutDisk()), ...(await breakLedger()) };
  for (const [name, replacement] of Object.entries(replacements))
    jest.unstable_mockModule(name, replacement);
  replaced = Object.keys(replacements);
  return import('./simulation.js');
};

const withoutDisk = async (): Promise<Replacements> => {
  const file = await import('#projections/views-file.js');
  const schema = await import('#projections/view-schema.js');
  const { KeptDatabase, openViews, putInPlace, ProjectorLock, WalCheckpoints } =
    await import('./views-folder.js');
  const openFresh = () => new KeptDatabase(schema.TABLES);
  return {
    '#projections/views-file.js': () => ({ ...file, openViews, putInPlace }),
    '#projections/view-schema.js': () => ({ ...schema, openFresh }),
    '#projections/projector-lock.js': () => ({ ProjectorLock }),
    '#projections/wal-checkpoints.js': () => ({ WalCheckpoints }),
  };
};
