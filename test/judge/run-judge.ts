import { createRandom, describeError } from '@shop/common';
import { type Judge, openJudge } from '../faults/audit/judge.ts';
import { type FaultShop, type Load, openFaultShop } from '../faults/shop/fault-shop.ts';
import { awaitHealth, awaitNewShipments } from '../faults/shop/recovery.ts';
import type { ShippingCommand } from '../faults/shop/start-shipping.ts';
import { collectOrders } from './collect-orders.ts';
import { type ConsumerFault, shipsAgainMs } from './consumer-faults.ts';
import { buildReport } from './report/build-report.ts';
import type { InjectedFault, JudgeReport } from './report/report.ts';

export interface JudgePlan {
  shipping: ShippingCommand;
  faults: readonly ConsumerFault[];
  seed: number;
  instances: number;
  /** Orders per second. */
  rate: number;
  /** How long the shop is under load at least, s. After each fault was injected once, random ones follow. */
  duration: number;
  portOffset?: number;
  /** The service's output goes to files in this folder. */
  logFolder: string;
  signal: AbortSignal;
  say(line: string): void;
}

/** Address changes per second. */
const movesPerSecond = 20;
/** Until the service ships for the first time, ms on a quiet machine. */
const firstShipmentMs = 60_000;

/** Starts a shop with another shipping service, injects faults, and judges the outcomes. */
export async function runJudge(plan: JudgePlan): Promise<JudgeReport> {
  const { shipping, rate, portOffset, logFolder, signal, say } = plan;
  const load: Load = {
    ordersPerSecond: rate,
    movesPerSecond,
    brokers: 1,
    shipping,
    shippingLogs: logFolder,
    ...(portOffset !== undefined && { portOffset }),
  };
  const startedAt = Date.now();
  say(`starting a shop with ${rate} orders a second`);
  const shop = await openFaultShop(load, signal);
  try {
    const judge = await openJudge(shop);
    for (let instance = 2; instance <= plan.instances; instance++) await shop.addShipping();
    await awaitHealth(shop);
    const faults = (await shipsWithin(shop, firstShipmentMs)) ? await injectAll(shop, plan) : [];
    return await conclude(shop, judge, { plan, faults, startedAt });
  } finally {
    await shop.close();
  }
}

async function injectAll(shop: FaultShop, { faults, seed, duration, say }: JudgePlan): Promise<InjectedFault[]> {
  const random = createRandom(seed);
  const left = random.sample(faults, faults.length);
  const endsAt = Date.now() + duration * 1_000;
  const injected: InjectedFault[] = [];
  while (left.length > 0 || (faults.length > 0 && Date.now() < endsAt)) {
    const fault = left.shift() ?? random.pick(faults);
    say(`${fault.name}: ${fault.what}`);
    const done = await inject(shop, fault);
    injected.push(done);
    if (done.error !== undefined) say(`  ${done.error}`);
    if (done.recoveredAt === undefined) {
      say('  the service does not ship any more; no further faults');
      break;
    }
  }
  return injected;
}

async function inject(shop: FaultShop, { name, what, run }: ConsumerFault): Promise<InjectedFault> {
  const fault: InjectedFault = { name, what, from: Date.now() };
  try {
    await run(shop);
  } catch (error) {
    shop.context.signal.throwIfAborted();
    fault.error = describeError(error);
  }
  if (await shipsWithin(shop, shipsAgainMs)) fault.recoveredAt = Date.now();
  return fault;
}

/** Whether the service ships new orders of every partition in time. */
async function shipsWithin(shop: FaultShop, ms: number): Promise<boolean> {
  try {
    await awaitNewShipments(shop, ms);
    return true;
  } catch {
    shop.context.signal.throwIfAborted();
    return false;
  }
}

interface Course {
  plan: JudgePlan;
  faults: readonly InjectedFault[];
  startedAt: number;
}

async function conclude(shop: FaultShop, judge: Judge, { plan, faults, startedAt }: Course): Promise<JudgeReport> {
  plan.say('waiting until everything is quiet');
  const quietFrom = Date.now();
  const { results } = await judge.judge({ expect: 'no violation', breaks: ['P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8'] });
  const all = await collectOrders(shop);
  // The load continued when the audit had its last word.
  const orders = new Map([...all].filter(([, { placedAt }]) => placedAt < quietFrom));
  const conditions = {
    command: plan.shipping.words.join(' '),
    seed: plan.seed,
    instances: plan.instances,
    rate: plan.rate,
    startedAt: new Date(startedAt).toISOString(),
    seconds: (Date.now() - startedAt) / 1_000,
    ends: shop.shippings.flatMap(({ ends }) =>
      ends.map(({ instance, at, how }) => ({ instance, at: new Date(at).toISOString(), how })),
    ),
    logFiles: shop.shippings.map(({ logFile }) => logFile),
  };
  return buildReport(conditions, { results, orders, faults });
}
