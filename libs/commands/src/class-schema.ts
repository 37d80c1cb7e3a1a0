import { targetConstructorToSchema } from 'class-validator-jsonschema';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A class whose decorated members say what an object of a message may hold. Nobody makes an instance. */
export type MessageClass = abstract new () => object;

/**
 * The JSON Schema that a class's decorators of class-validator amount to, nested classes written out
 * (`members.ts` does that), every unknown member refused.
 *
 * class-validator itself would take 100 µs to say no more: `whitelist` strips unknown members instead of
 * refusing them, `@ValidateNested()` accepts a missing object, and `@IsInt()` accepts 1e21.
 */
export const schemaOf = (type: MessageClass): JsonSchema => {
  const { properties, required, ...annotations } = targetConstructorToSchema(type);
  return {
    description: 'an object',
    ...annotations,
    type: 'object',
    properties,
    ...(required && { required }),
    additionalProperties: false,
  };
};
