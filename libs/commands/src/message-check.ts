import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { holdsCardNumber } from './card-data.js';
import type { JsonSchema } from './class-schema.js';
import type { Flaw } from './flaw.js';
import { instantOf, isDate } from './instant.js';
import { pointerTo } from './json-pointer.js';

/** Of one message; more help nobody. */
export const FLAWS_MAX = 20;

/** Of a message with more values than this only the first flaw is told: 64 KiB have room for 60 000. */
const VALUES_MAX = 500;

const ajvWith = (allErrors: boolean): Ajv => {
  // `verbose` gives each error its schema, whose description is the message.
  const ajv = new Ajv({ allErrors, verbose: true, allowUnionTypes: true });
  // Ajv asks value by value, 166 times for a currency. Ours are all texts, which a Set finds at once.
  ajv.removeKeyword('enum');
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    compile: (values: readonly unknown[]) => {
      const known = new Set(values);
      return (value) => known.has(value);
    },
  });
  ajv.addFormat('date-time', (text: string) => instantOf(text) !== undefined);
  ajv.addFormat('date', isDate);
  ajv.addFormat('free-text', (text: string) => !holdsCardNumber(text));
  return ajv;
};

const stopping = ajvWith(false);
const goingOn = ajvWith(true);

/** What a schema finds wrong with a message; compiled when the first one is checked. */
export const messageCheck = (schema: () => JsonSchema): ((message: unknown) => readonly Flaw[]) => {
  const firstFlaw = compiled(stopping, schema);
  const everyFlaw = compiled(goingOn, schema);
  return (message) => {
    const first = firstFlaw(message);
    if (first.length === 0) return [];
    const errors = valuesIn(message) > VALUES_MAX ? first : everyFlaw(message);
    // A name that is wrong makes two errors: that the name is wrong, and that some name is.
    return distinct(errors.filter(({ keyword }) => keyword !== 'propertyNames').map(flawOf));
  };
};

const compiled = (
  ajv: Ajv,
  schema: () => JsonSchema,
): ((message: unknown) => readonly ErrorObject[]) => {
  let validate: ReturnType<Ajv['compile']> | undefined;
  return (message) => {
    validate ??= ajv.compile(schema());
    return validate(message) ? [] : (validate.errors ?? []);
  };
};

const valuesIn = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, inner) => sum + valuesIn(inner), 1)
    : 1;

const flawOf = (error: ErrorObject): Flaw => {
  const { additionalProperty, missingProperty } = error.params;
  const member: unknown = additionalProperty ?? missingProperty ?? error.propertyName;
  const parent = error.instancePath.split('/').slice(1).map(unescaped).reduce(pointerTo, '');
  const pointer = typeof member === 'string' ? pointerTo(parent, member) : parent;
  return { pointer, message: messageOf(error) };
};

const messageOf = ({ keyword, params, parentSchema }: ErrorObject): string => {
  const description = String(parentSchema?.['description']);
  switch (keyword) {
    case 'additionalProperties':
      return 'must be left out: there is no member of this name here';
    case 'required':
      return 'must be there';
    case 'not':
      return description;
    case 'format':
      return params['format'] === 'free-text'
        ? 'must not hold a card number'
        : `must be ${description}`;
    default:
      return `must be ${description}`;
  }
};

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

const distinct = (flaws: readonly Flaw[]): readonly Flaw[] => [
  ...new Map(flaws.map((flaw) => [`${flaw.pointer} ${flaw.message}`, flaw])).values(),
];
