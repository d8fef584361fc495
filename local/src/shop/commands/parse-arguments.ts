import { InvalidArgumentError } from 'commander';

export const whole = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
};

export const decimal = (text: string): number => {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError('Expected a number.');
  return Number(text);
};

export const portOffset = (text: string): number => {
  const offset = whole(text);
  if (offset > 60_000) throw new InvalidArgumentError('Expected a whole number from 0 to 60000.');
  return offset;
};

/** The fields that the user gave. */
export const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
