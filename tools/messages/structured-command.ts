import { exactly, id, text, word } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { commandTypes } from './words.ts';

/** Of a record's value in structured mode: one CloudEvent, the command's members as its `data`. */
export const structuredCommandSchema: JsonSchema = {
  title: 'StructuredCommand',
  description: 'A command as one CloudEvent in JSON. What an attribute says, data may leave out.',
  type: 'object',
  properties: {
    specversion: exactly('1.0'),
    id: id('The command id.'),
    type: word('The name of the command.', commandTypes),
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: 'Who asks: taken for `actor` where data has none.',
    },
    time: {
      type: 'string',
      format: 'date-time',
      description: 'Taken for `issuedAt` where data has none. Absent: the record’s timestamp.',
    },
    correlationid: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: 'Kept with the events.',
    },
    datacontenttype: text('Not looked at: data is JSON.'),
    data: { type: 'object', description: 'By `type`: the members of the command.' },
  },
  required: ['specversion', 'id', 'type', 'source', 'data'],
  oneOf: commandTypes.map((type) => ({
    properties: { type: { const: type }, data: { $ref: `commands/${type}.json` } },
  })),
};
