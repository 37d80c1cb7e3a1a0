import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export type ReadGauge = Readonly<{
  name: string;
  help: string;
  /** Asked whenever somebody collects; undefined: there is nothing to show. */
  read: () => Promise<number | undefined>;
}>;

/** Registers a gauge that shows what can be read now, and nothing where that cannot be read. */
export const readGauge = (registry: Registry, { name, help, read }: ReadGauge): void => {
  void new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      // One that rejected would take all others with it. Health says what is wrong.
      const value = await read().catch(() => undefined);
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
};
