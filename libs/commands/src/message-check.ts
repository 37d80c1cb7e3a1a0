import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { holdsCardNumber } from './card-data.js';
import type { JsonSchema } from './class-schema.js';
import type { Flaw } from './flaw.js';
import { instantOf, isDate } from './instant.js';
import { pointerTo } from './json-pointer.js';

/** Of one message; more help nobody. */
export const FLAWS_MAX = 20;

// `verbose` gives each error its schema, whose description is the message.
const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
// Ajv asks value by value, 166 times for a currency. Our enumerations are of texts, which a Set finds at once.
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

/** All that a schema finds wrong with a message; compiled when the first one is checked. */
export const messageCheck = (schema: () => JsonSchema): ((message: unknown) => readonly Flaw[]) => {
  let validate: ReturnType<typeof ajv.compile> | undefined;
  return (message) => {
    validate ??= ajv.compile(schema());
    if (validate(message)) return [];
    const errors = validate.errors ?? [];
    // A name that is wrong makes two errors: that the name is wrong, and that some name is.
    return distinct(errors.filter(({ keyword }) => keyword !== 'propertyNames').map(flawOf));
  };
};

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
