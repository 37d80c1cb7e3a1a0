import { classPath, fetchJars, jarsAreThere } from '../../tools/kafka/jars.js';
import { installedJava } from '../../tools/kafka/java.js';
import { outputOf } from '../../tools/kafka/output.js';

/** Quiet, and not waiting for anybody who would look at it. */
const OPTIONS = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * Runs a Java program on the class path of the broker, to its end, and gives what it said.
 *
 * @param program the name of a class, or a source file of a single class.
 * @throws {Error} it did not succeed, with what it said.
 */
export const runJava = async (program: string, ...args: readonly string[]): Promise<string> => {
  const java = await installedJava();
  if (!java) throw new Error('there is no Java');
  if (!jarsAreThere()) await fetchJars(new AbortController().signal);
  const { ok, said } = await outputOf(java.command, [
    ...OPTIONS,
    '-cp',
    classPath(),
    program,
    ...args,
  ]);
  if (!ok) throw new Error(said);
  return said;
};
