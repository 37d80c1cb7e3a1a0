import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEntry } from '#projections/queries.js';
import { anomalies } from '../../examples/commands/shop-day/anomalies.ts';
import { linesOf } from '../../examples/commands/shop-day/day.ts';
import { Random } from '../../examples/commands/shop-day/random.ts';
import { refusals } from '../../examples/commands/shop-day/refusals.ts';
import { Story } from '../../examples/commands/shop-day/story.ts';
import type { Course } from '../../examples/commands/shop-day/story.ts';
import { closeGates, forwardTo, openGate } from './gate.js';
import { cleanUp, startLedgerProgram, temporaryFolder } from './program.js';
import { send, tallyOf } from './sent.js';
import type { Lines } from './sent.js';

const EXAMPLES = 'examples/commands';

let url: string;
beforeAll(async () => {
  ({ url } = await startLedgerProgram());
});
afterAll(cleanUp);
afterEach(closeGates);

/** The rows of the table of worked cases in the README: | file | shows | accepted | refused | ends | */
const rows = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `case-'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, file, , accepted, refused, ends]) => ({
    file: file!.replaceAll('`', ''),
    lines: {
      accepted: Number(accepted),
      ...Object.fromEntries(
        [...refused!.matchAll(/(\d+) `(\w+)`/g)].map(([, n, reason]) => [
          `rejected ${reason}`,
          Number(n),
        ]),
      ),
    } as Lines,
    ends: [...ends!.matchAll(/`([\w-]+)` `(\w+)`/g)].map(([, id, status]) => [id, status] as const),
  }));

describe('the worked cases', () => {
  it('are all in the README', () => {
    const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.ndjson'));
    expect(rows.map(({ file }) => file)).toEqual(files.toSorted());
  });

  it.each(rows)('$file comes to what the README says', async ({ file, lines, ends }) => {
    const path = join(temporaryFolder(), file);
    writeFileSync(path, readFileSync(join(EXAMPLES, file)));
    const program = send(path, url);
    await expect(program.ended()).resolves.toBe(0);
    expect(tallyOf(program).lines).toEqual(lines);
    for (const [id, status] of ends) {
      const response = await fetch(`${url}/v1/authorizations/${id}`);
      await expect(response.json()).resolves.toMatchObject({ status });
    }
  });
});

describe('the day of a shop', () => {
  // A seed whose 200 orders have a line that was torn, a command that is wrong, and an id used twice.
  const day = linesOf({ seed: 6, authorizations: 200 });

  it('is the same for the same seed, and another for another', () => {
    expect(linesOf({ seed: 6, authorizations: 200 })).toEqual(day);
    expect(linesOf({ seed: 7, authorizations: 200 })).not.toEqual(day);
  });

  it('has some 30 000 commands and facts', () => {
    const { length } = linesOf({ seed: 1, authorizations: 10_000 });
    expect(length).toBeGreaterThan(28_000);
    expect(length).toBeLessThan(34_000);
  });

  it('has a course that ends in each refusal that there is', async () => {
    const program = send(fileOf(linesOfCourses(refusals)), url);
    await expect(program.ended()).resolves.toBe(0);
    const { accepted, ...refused } = tallyOf(program).lines;
    expect(accepted).toBeGreaterThan(0);
    const each = Object.keys(refusals).map((reason) => [`rejected ${reason}`, 1]);
    expect(refused).toEqual(Object.fromEntries(each));
  });

  it('has a course that ends in each anomaly that there is', async () => {
    const program = send(fileOf(linesOfCourses(anomalies)), url);
    await expect(program.ended()).resolves.toBe(0);
    for (const kind of Object.keys(anomalies)) {
      const detected = (await historyOf(kind)).filter((entry) => entry.kind === 'anomaly');
      expect(detected.map(({ why }) => why)).toContain(kind);
    }
  });

  it('comes to what is recorded, also when its sender is killed and stopped on the way', async () => {
    const path = fileOf(day);
    const way = await openWay();
    const killed = await way.stopped(path, 100, 'SIGKILL');
    expect(killed.ended).toBe('SIGKILL');
    expect(killed.program.stdout).toBe('');

    const stopped = await way.stopped(path, 300, 'SIGINT');
    expect(stopped.ended).toBe(130);
    const [, after] = /stopped after line (\d+): the same command goes on/.exec(
      stopped.program.stdout,
    )!;
    expect(Number(after)).toBeGreaterThan(0);
    expect(Number(after)).toBeLessThan(day.length);

    const program = send(path, way.url);
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stderr).toContain(`going on after line ${after}, as ${path}.progress says\n`);
    expect(existsSync(`${path}.progress`)).toBe(false);
    expect(tallyOf(program).lines).toEqual(await recordedOf(day));

    const again = send(path, way.url);
    await expect(again.ended()).resolves.toBe(0);
    expect(tallyOf(again).lines).toEqual(tallyOf(program).lines);
    // All that was decided is answered as before; what was not decided is found wrong again.
    const undecided = /^(not sent|invalid|rejected command_id_reused)/;
    const decided = Object.entries(tallyOf(program).lines).filter(
      ([what]) => !undecided.test(what),
    );
    expect(tallyOf(again).repeats).toEqual(Object.fromEntries(decided));
  });

  it('begins anew where another file has taken the name of the one that was under way', async () => {
    const path = fileOf(day);
    const way = await openWay();
    await way.stopped(path, 300, 'SIGINT');
    writeFileSync(path, linesOf({ seed: 7, authorizations: 20 }).join('\n'));
    const program = send(path, way.url);
    await expect(program.ended()).resolves.toBe(0);
    expect(program.stderr).not.toContain('going on');
    expect(tallyOf(program).lines).toEqual(
      await recordedOf(linesOf({ seed: 7, authorizations: 20 })),
    );
  });
});

const fileOf = (lines: readonly string[]): string => {
  const path = join(temporaryFolder(), 'day.ndjson');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
};

/** The lines of some courses, each of an authorization that is called as the course is. */
const linesOfCourses = (courses: Readonly<Record<string, Course>>): string[] =>
  Object.entries(courses).flatMap(([name, course], number) => {
    const story = new Story(new Random(1, number), name, Date.parse('2026-11-20T09:00:00Z'));
    course(story);
    return story.sent.map(({ line }) => line);
  });

/** A way to the ledger on which a sender can be stopped when so many commands have gone through. */
const openWay = async () => {
  const ledger = forwardTo(url);
  let onCommand: (() => void) | undefined;
  const gate = await openGate((received) => {
    onCommand?.();
    return ledger(received);
  });
  const stopped = async (path: string, commands: number, signal: NodeJS.Signals) => {
    const program = send(path, gate.url, '--concurrency', '8');
    let gone = 0;
    onCommand = () => {
      gone += 1;
      if (gone === commands) program.kill(signal);
    };
    return { program, ended: await program.ended() };
  };
  return { url: gate.url, stopped };
};

const historyOf = async (authorizationId: string): Promise<readonly HistoryEntry[]> => {
  const response = await fetch(`${url}/v1/authorizations/${authorizationId}/history?limit=100`);
  if (response.status === 404) return [];
  return ((await response.json()) as { entries: HistoryEntry[] }).entries;
};

/** What the lines of a file have come to, by what is in the histories of their authorizations. */
const recordedOf = async (lines: readonly string[]): Promise<Lines> => {
  const first = new Map<string, string>();
  const recorded: Record<string, number> = {};
  for (const line of lines) {
    const what = await recordOf(line, first);
    recorded[what] = (recorded[what] ?? 0) + 1;
  }
  return recorded;
};

const recordOf = async (line: string, first: Map<string, string>): Promise<string> => {
  const { type, commandId, authorizationId } = commandIn(line) ?? {};
  if (commandId === undefined) return 'not sent not_json';
  const sentFirst = first.get(commandId) ?? line;
  first.set(commandId, sentFirst);
  if (sentFirst !== line) return 'rejected command_id_reused';
  const history = await historyOf(authorizationId!);
  const decision = history.find(({ who }) => who.commandId === commandId);
  if (decision) return decision.kind === 'refusal' ? `rejected ${decision.why}` : 'accepted';
  return type === 'CaptureNow' ? 'invalid command_type_unknown' : 'invalid invalid_command';
};

const commandIn = (line: string): Readonly<Record<string, string>> | undefined => {
  try {
    return JSON.parse(line) as Readonly<Record<string, string>>;
  } catch {
    return undefined;
  }
};
