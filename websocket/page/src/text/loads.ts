import type { SettingsLine } from '../../../src/messages/commands.ts';

/** A slider over a list of values. */
export interface Slider {
  name: string;
  label: string;
  values: readonly number[];
  /** The setting of docker-compose.yml. The slider has it until a command sets another value. */
  usual: number;
}

export type LoadValues = Readonly<Record<string, number>>;

/** Something that a visitor can turn up or down. */
export interface Load {
  title: string;
  target: string;
  command: string;
  sliders: readonly Slider[];
  /** The command's fields. */
  fields(values: LoadValues): Record<string, number>;
  /** The values in the fields of a service's answer; `undefined` for those that it does not have. */
  read(fields: LoadValues): Record<string, number | undefined>;
  /** What will happen. */
  explain(values: LoadValues): string;
}

const counts = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const some = (value: number | undefined, one: string, many: string) => `${value} ${value === 1 ? one : many}`;

/** The values are below the ceilings of common/src/contracts/command.ts. */
export const loads: readonly Load[] = [
  {
    title: 'Orders',
    target: 'order-service',
    command: 'set-rate',
    sliders: [
      {
        name: 'rate',
        label: 'orders per second',
        values: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
        usual: 5,
      },
    ],
    fields: ({ rate = 5 }) => ({ orders_per_second: rate }),
    read: ({ orders_per_second }) => ({ rate: orders_per_second }),
    explain: ({ rate }) =>
      `order-service will place ${some(rate, 'order', 'orders')} a second. Watch the line to shipping-service: it shows when orders wait.`,
  },
  {
    title: 'Pieces per order',
    target: 'order-service',
    command: 'set-quantity',
    sliders: [{ name: 'most', label: 'most pieces', values: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000], usual: 5 }],
    fields: ({ most = 5 }) => ({ min: 1, max: most }),
    read: ({ max }) => ({ most: max }),
    explain: ({ most }) =>
      `Each order will be for 1 to ${some(most, 'piece', 'pieces')}. With more pieces than refills, the stock falls below 0.`,
  },
  {
    title: 'Customers',
    target: 'updater',
    command: 'set-customers',
    sliders: [
      { name: 'register', label: 'register in a round', values: counts, usual: 10 },
      { name: 'move', label: 'move', values: counts, usual: 5 },
      { name: 'leave', label: 'leave', values: counts, usual: 1 },
      { name: 'seconds', label: 'seconds between rounds', values: [1, 2, 4, 10, 30, 60], usual: 4 },
    ],
    fields: ({ register = 0, move = 0, leave = 0, seconds = 4 }) => ({
      inserted: register,
      moved: move,
      deleted: leave,
      interval_ms: seconds * 1_000,
    }),
    read: ({ inserted, moved, deleted, interval_ms }) => ({
      register: inserted,
      move: moved,
      leave: deleted,
      seconds: interval_ms && interval_ms / 1_000,
    }),
    explain: ({ register, move, leave, seconds }) =>
      `Every ${seconds} s, ${register} will register, ${move} move and ${leave} leave. Each change is one event of Debezium.`,
  },
  {
    title: 'Refills',
    target: 'refill-inventory',
    command: 'set-refills',
    sliders: [
      { name: 'pieces', label: 'pieces of each product', values: [1, 10, 20, 40, 100, 500, 1_000, 10_000], usual: 40 },
      { name: 'seconds', label: 'seconds between refills', values: [1, 2, 5, 10, 30, 60], usual: 10 },
    ],
    fields: ({ pieces = 40, seconds = 10 }) => ({ min: pieces, max: pieces, interval_ms: seconds * 1_000 }),
    read: ({ max, interval_ms }) => ({ pieces: max, seconds: interval_ms && interval_ms / 1_000 }),
    explain: ({ pieces, seconds }) => `Every ${seconds} s, each product will get ${some(pieces, 'piece', 'pieces')}.`,
  },
];

/** The values that count now: what commands have set, and otherwise the usual ones. */
export function valuesInForce({ target, sliders, read }: Load, settings: readonly SettingsLine[]): LoadValues {
  const found = read(settings.find((line) => line.target === target)?.fields ?? {});
  return Object.fromEntries(sliders.map(({ name, usual }) => [name, found[name] ?? usual]));
}

/** The place of the slider's value that is nearest to this one, which a terminal may have set. */
export function placeOf(value: number, values: readonly number[]): number {
  const distances = values.map((each) => Math.abs(each - value));
  return distances.indexOf(Math.min(...distances));
}

/** The commands that end everything a visitor has set. The scenario ends first, because it sends commands itself. */
export const backToNormal = [
  ...['websocket', 'order-service', 'updater', 'refill-inventory'].map((target) => ({ target, command: 'reset' })),
  { target: 'shipping-service', command: 'normal' },
];
