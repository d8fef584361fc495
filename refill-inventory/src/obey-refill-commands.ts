import { type CommandHandlers, CommandRefused } from '@shop/common';

/** Pieces added to each product, both limits included, and how often. */
export interface RefillPace {
  min: number;
  max: number;
  intervalMs: number;
}

/**
 * What refill-inventory obeys. A restart goes back to the settings.
 *
 * @param initial the settings of docker-compose.yml
 * @param change changes what the next rounds do. @returns what they do then
 */
export function createRefillCommands(
  initial: RefillPace,
  change: (pace: Partial<RefillPace>) => RefillPace,
): CommandHandlers {
  return {
    'set-refills'({ min, max, interval_ms }) {
      const { min: lower, max: upper } = { ...change({}), ...(min && { min }), ...(max && { max }) };
      if (lower > upper) throw new CommandRefused(`min ${lower} is above max ${upper}`);
      const intervalMs = interval_ms === undefined ? {} : { intervalMs: interval_ms };
      return describePace(change({ min: lower, max: upper, ...intervalMs }));
    },
    reset: () => describePace(change(initial)),
  };
}

const describePace = ({ min, max, intervalMs }: RefillPace) => ({ min, max, interval_ms: intervalMs });
