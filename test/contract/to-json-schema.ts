import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Converts a zod schema into the JSON schema of what it reads. Tools for AsyncAPI understand draft 7. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override({ jsonSchema }) {
      // Further fields are allowed anyway.
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      // `format` is enough, and zod's pattern has 300 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      // Not every validator knows this format; the pattern says the same.
      if (jsonSchema.format === 'uuid') delete jsonSchema.format;
      // All numbers have these limits.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return converted;
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
