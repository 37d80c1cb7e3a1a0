import { join } from 'node:path';
import { outputOf } from './output.ts';

/** A Java that brokers run on. */
export type Java = Readonly<{ command: string; version: string }>;

/** The oldest release that brokers run on. */
const OLDEST = 17;

/** The Java of `JAVA_HOME`, else of the `PATH`; undefined where there is none, or one that is too old. */
export const installedJava = async (): Promise<Java | undefined> => {
  const home = process.env['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  const { ok, said } = await outputOf(command, ['-version']);
  const [, version, release] = /version "((\d+)[^"]*)"/.exec(said) ?? [];
  if (!ok || version === undefined || Number(release) < OLDEST) return undefined;
  return { command, version };
};
