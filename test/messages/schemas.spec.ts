import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { schemaVersions } from '#capture/events.js';
import { commandDefinitions } from '#commands/command-classes.js';
import { commandExamples } from '#http/open-api/command-examples.js';
import { publishedViews } from '#projections/published-views.js';
import { messageFiles } from '../../tools/messages/message-files.ts';
import { describedViews } from '../../tools/messages/view-schemas.ts';
import { flawsBy, published } from './published-schemas.js';

const FOLDER = 'docs/messages';
const asyncApi = readFileSync(join(FOLDER, 'asyncapi.json'), 'utf8');

type Example = Readonly<{ headers: unknown; payload: unknown }>;
type Message = Readonly<{
  name: string;
  headers: { $ref: string };
  payload?: { $ref: string };
  examples?: readonly Example[];
}>;

const { components } = JSON.parse(asyncApi) as {
  components: { messages: Readonly<Record<string, Message>> };
};

/** What the schemas in a folder are of. */
const inFolder = (folder: string): readonly string[] =>
  [...published.keys()]
    .filter((place) => place.startsWith(`${folder}/`))
    .map((place) => place.slice(folder.length + 1, -'.json'.length));

const placeOf = ({ $ref }: { $ref: string }): string => $ref.replace('./schemas/', '');

describe('docs/messages', () => {
  it('is what `npm run messages` writes', async () => {
    const places = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
    const found = places
      .filter((place) => place.endsWith('.json'))
      .map((place) => [place, readFileSync(join(FOLDER, place), 'utf8')] as const);
    expect(new Map(found)).toEqual(await messageFiles());
  });

  it('has a schema of every command and of every event', () => {
    expect(inFolder('commands').toSorted()).toEqual(
      [...commandDefinitions.keys()].map(String).toSorted(),
    );
    expect(inFolder('events').toSorted()).toEqual([...schemaVersions.keys()].toSorted());
  });

  it('has a schema of every view that is published', () => {
    expect(inFolder('views').toSorted()).toEqual(publishedViews.map(({ name }) => name).toSorted());
    for (const { name, per } of publishedViews) expect(describedViews[name].per).toBe(per);
  });

  it('has schemas that a strict validator of JSON Schema 2020-12 takes', () => {
    for (const place of published.keys()) expect(() => flawsBy(place, null)).not.toThrow();
  });

  it('has an example of every command, and it is one', () => {
    for (const [type, { body }] of Object.entries(commandExamples)) {
      expect(published.get(`commands/${type}.json`)?.['examples']).toEqual([body]);
      expect(flawsBy(`commands/${type}.json`, body)).toEqual([]);
    }
  });

  it('has an AsyncAPI 3 document that its own linter has nothing to say against', async () => {
    const source = pathToFileURL(join(FOLDER, 'asyncapi.json')).pathname;
    const { document, diagnostics } = await new Parser().parse(asyncApi, { source });
    expect(diagnostics).toEqual([]);
    const operations = document?.operations().all() ?? [];
    expect(operations.map((one) => `${one.id()} ${one.action()}`)).toEqual([
      'receiveCommand receive',
      'sendAnswer send',
      'keepDeadLetter send',
      'publishEvent send',
      'publishCaptureSequenceView send',
      'publishRefundBalanceView send',
      'publishFinalCaptureView send',
      'publishCaptureView send',
      'keepCheckpoint send',
    ]);
    // Its references to schemas lead to them.
    for (const message of document?.messages().all() ?? []) {
      expect([message.id(), message.headers()?.type()]).toEqual([message.id(), 'object']);
    }
  });

  it('has examples in the AsyncAPI document that are what they are examples of', () => {
    const examples = Object.values(components.messages).flatMap((message) =>
      (message.examples ?? []).map((example) => ({ message, example })),
    );
    // Of every command, of the four answers, of three events, of every view and of the checkpoint.
    expect(examples.length).toBe(commandDefinitions.size + 4 + 3 + publishedViews.length + 1);
    for (const { message, example } of examples) {
      expect(flawsBy(placeOf(message.headers), example.headers)).toEqual([]);
      expect(flawsBy(placeOf(message.payload!), example.payload)).toEqual([]);
    }
  });
});
