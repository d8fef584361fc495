export type Fields = Record<string, unknown>;

/** The fields of an object, and none of any other value. */
export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
