// The kinds of member that commands have, each a decorator of class-validator with the words that a
// sender reads when it is wrong: "must be " and the description, which OpenAPI shows as well.
import { applyDecorators } from '@nestjs/common';
import {
  Equals,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { minorUnitDigits } from '#capture/currencies.js';
import { schemaOf } from './class-schema.js';
import type { JsonSchema, MessageClass } from './class-schema.js';

/** What senders may call a thing; no slash, which separates the ids in a stream's name. */
export const ID = /^[A-Za-z0-9._:~-]{1,128}$/;

const described = (description: string, schema: JsonSchema = {}): PropertyDecorator =>
  JSONSchema({ ...schema, description }) as PropertyDecorator;

export const Id = (): PropertyDecorator =>
  applyDecorators(Matches(ID), described('1 to 128 characters of A-Z a-z 0-9 . _ : ~ -'));

/** May be left out. A member that is null is taken for one that is left out, before any check. */
export const Optional = IsOptional;

/**
 * A number or name that somebody else gave to a thing of theirs. It is not searched for card numbers:
 * many connectors number things in 16 digits, and one in ten of those has a right check digit.
 */
export const Reference = (max = 300): PropertyDecorator =>
  applyDecorators(Length(1, max), described(`a text of 1 to ${max} characters`));

/** Free text: refused where it holds a card number. */
export const Text = (max = 300, min = 1): PropertyDecorator =>
  applyDecorators(
    Length(min, max),
    described(`a text of ${min} to ${max} characters`, { format: 'free-text' }),
  );

export const Texts = (max: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    IsString({ each: true }),
    MaxLength(max, { each: true }),
    described(`a list of texts of up to ${max} characters`, {
      items: { description: `a text of up to ${max} characters`, format: 'free-text' },
    }),
  );

export const WholeNumber = (min: number, max: number, of = ''): PropertyDecorator =>
  applyDecorators(
    // @IsInt() alone takes 1e21.
    IsInt(),
    Min(min),
    Max(max),
    // In a schema @Min() and @Max() say "number", over @IsInt(): 1.5 would pass.
    described(`a whole number${of}, ${min} to ${max}`, { type: 'integer' }),
  );

/** An amount of money, never 0. */
export const Amount = (): PropertyDecorator =>
  WholeNumber(1, Number.MAX_SAFE_INTEGER, ' of minor units');

export const CurrencyCode = (): PropertyDecorator =>
  applyDecorators(IsIn([...minorUnitDigits.keys()]), described('a currency of ISO 4217'));

export const OneOf = (...values: readonly string[]): PropertyDecorator =>
  applyDecorators(IsIn(values), described(`one of ${values.join(', ')}`));

export const CommandName = (name: string): PropertyDecorator =>
  applyDecorators(Equals(name), described(name));

export const YesOrNo = (): PropertyDecorator =>
  applyDecorators(IsBoolean(), described('true or false'));

export const Time = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    described('a time of RFC 3339 with its offset, as 2026-11-21T09:00:00Z', {
      format: 'date-time',
    }),
  );

export const Day = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    described('a day of the calendar, as 2026-11-21', { format: 'date' }),
  );

export const Pattern = (pattern: RegExp, description: string): PropertyDecorator =>
  applyDecorators(Matches(pattern), described(description));

/** An object with members of its own. */
export const Nested = (type: MessageClass): PropertyDecorator =>
  applyDecorators(
    ValidateNested(),
    JSONSchema(() => schemaOf(type)),
  );

export const ListOf = (type: MessageClass): PropertyDecorator =>
  applyDecorators(
    ValidateNested({ each: true }),
    JSONSchema(() => ({
      type: 'array',
      items: schemaOf(type),
      description: 'a list',
    })),
  );

/** What a sender keeps with a thing, under names of its own. See also metadata.ts. */
export const MetadataMembers = (): PropertyDecorator =>
  applyDecorators(
    IsObject(),
    described('an object of at most 50 members', {
      maxProperties: 50,
      propertyNames: { minLength: 1, maxLength: 40, description: 'a name of 1 to 40 characters' },
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        maxLength: 500,
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'a text of up to 500 characters, a number up to 2^53 - 1, true or false',
      },
    }),
  );

/** A member that we know of and do not take. */
export const Refused = (why: string): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    JSONSchema(() => ({ not: {}, description: why })),
  );
