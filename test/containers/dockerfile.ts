import { readFileSync } from 'node:fs';

export type Instruction = Readonly<{ name: string; text: string }>;

export type Stage = Readonly<{
  /** What it is built on. */
  image: string;
  name: string | undefined;
  instructions: readonly Instruction[];
}>;

/** `COPY`: from the work tree, or from what another stage has made. */
export type Copy = Readonly<{ from?: string; sources: readonly string[]; target: string }>;

/** As Docker reads it: comments go, a backslash at the end of a line joins it with the next. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): Instruction => {
    const [, name, text] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === undefined || text === undefined) throw new Error(`no instruction: ${line}`);
    return { name, text };
  });

/** The stages of our Dockerfile; the last one becomes the image. */
export const stages: readonly Stage[] = instructions.flatMap(({ name, text }, at) => {
  if (name !== 'FROM') return [];
  const [image = '', , stage] = text.split(' ');
  const rest = instructions.slice(at + 1);
  const next = rest.findIndex((later) => later.name === 'FROM');
  return [{ image, name: stage, instructions: next === -1 ? rest : rest.slice(0, next) }];
});

export const finalStage: Stage = stages.at(-1)!;

export const textsOf = ({ instructions: all }: Stage, name: string): readonly string[] =>
  all.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** The instruction that counts where there may be only one. */
export const textOf = (stage: Stage, name: string): string => {
  const text = textsOf(stage, name).at(-1);
  if (text === undefined) throw new Error(`the stage has no ${name}`);
  return text;
};

export const copyOf = (text: string): Copy => {
  const words = text.split(' ');
  const from = words[0]?.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
  return {
    ...(from !== undefined && { from }),
    sources: words.slice(0, -1),
    target: words.at(-1)!,
  };
};

/** The command of an instruction in exec form: no shell between the engine and the program. */
export const execForm = (text: string): readonly string[] => {
  const command: unknown = JSON.parse(text.replace(/^(--\S+ )*(CMD )?/, ''));
  if (!Array.isArray(command)) throw new Error(`no exec form: ${text}`);
  return command.map(String);
};

/** What the image gives every program to begin with. */
export const imageEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  textsOf(finalStage, 'ENV').map((text) => {
    const [name = '', value = ''] = text.split('=');
    return [name, value];
  }),
);
