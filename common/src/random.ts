import { randomInt } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A random generator with a seed: the same seed gives the same choices in the same order. */
export interface Random {
  /** A whole number from min to max, both included and safe integers. */
  integer(min: number, max: number): number;
  /** One element. @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T;
  /** Distinct elements in random order; all of them when there are fewer than `count`. */
  sample<T>(list: readonly T[], count: number): T[];
}

/** @param seed a 32-bit number; another one for every call when it is not given */
export function createRandom(seed: number = randomInt(2 ** 32)): Random {
  const generator = xoroshiro128plus(seed);
  const integer = (min: number, max: number) => uniformInt(generator, min, max);
  return {
    integer,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('there is nothing to pick from');
      return list[integer(0, list.length - 1)] as T;
    },
    sample<T>(list: readonly T[], count: number): T[] {
      const shuffled = [...list];
      const taken = Math.min(count, shuffled.length);
      for (let index = 0; index < taken; index += 1) {
        const other = integer(index, shuffled.length - 1);
        [shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T];
      }
      return shuffled.slice(0, taken);
    },
  };
}
