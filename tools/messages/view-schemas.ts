// The published views are those that are read over HTTP, and so their schemas are taken from the API's own.
import { captureSchemas } from '#http/open-api/capture-schemas.js';
import { viewSchemas as sharedSchemas } from '#http/open-api/view-schemas.js';
import type { ViewTopic } from '#kafka/topic-names.js';
import type { JsonSchema } from './schema.ts';

const components: Readonly<Record<string, JsonSchema>> = { ...sharedSchemas, ...captureSchemas };

/** How a component refers to another one. */
const IN_API = '#/components/schemas/';

type Described = Readonly<{
  /** The name of its schema in the API. */
  component: string;
  per: 'authorization' | 'capture';
  /** What it shows, in a sentence. */
  says: string;
}>;

/** Every published view, by its name. */
export const describedViews: Readonly<Record<ViewTopic, Described>> = {
  'capture-sequence': {
    component: 'CaptureSequence',
    per: 'authorization',
    says: 'All captures of an authorization, in brief, in the order of their creation.',
  },
  'refund-balance': {
    component: 'RefundBalance',
    per: 'capture',
    says: 'What of a capture was given back, and what may still be.',
  },
  'final-capture': {
    component: 'FinalCapture',
    per: 'authorization',
    says: 'What an authorization holds, what may still be captured of it, and whether that is over.',
  },
  capture: {
    component: 'Capture',
    per: 'capture',
    says: 'Everything known of one capture, with its refunds.',
  },
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Its own references lead to `$defs`, and its objects are closed: what is not in it, we do not write. */
const inFile = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(inFile);
  if (typeof part === 'string') return part.replace(IN_API, '#/$defs/');
  if (!isObject(part)) return part;
  const members = Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, inFile(value)]),
  );
  return isObject(part['properties']) ? { ...members, additionalProperties: false } : members;
};

/** The components that one refers to, and those that they refer to. */
const reachedFrom = (component: string, reached = new Set<string>()): ReadonlySet<string> => {
  const text = JSON.stringify(components[component]);
  for (const [, name = ''] of text.matchAll(new RegExp(`"${IN_API}(\\w+)"`, 'g'))) {
    if (reached.has(name)) continue;
    reached.add(name);
    reachedFrom(name, reached);
  }
  return reached;
};

const viewSchemaOf = ({ component, says }: Described): JsonSchema => ({
  title: component,
  description: says,
  ...(inFile(components[component]) as JsonSchema),
  $defs: Object.fromEntries(
    [...reachedFrom(component)].map((name) => [name, inFile(components[name])]),
  ),
});

/** Of a record's value, by the name of the view. */
export const viewSchemas: ReadonlyMap<string, JsonSchema> = new Map(
  Object.entries(describedViews).map(([view, described]) => [view, viewSchemaOf(described)]),
);
