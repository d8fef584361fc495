import { cpus } from 'node:os';
import { Command } from 'commander';
import { createCustomerHistory } from '../src/addresses/customer-history.ts';
import { createFreshness } from '../src/addresses/freshness.ts';
import { createKsqldbRows } from '../src/addresses/ksqldb-rows.ts';
import { createShipmentVerifier } from '../src/addresses/shipment-verifier.ts';
import { createInventorySums } from '../src/inventory/inventory-sums.ts';
import { createOrderTracker } from '../src/orders/order-tracker.ts';
import {
  atMs,
  historyChange,
  orderRecord,
  shipmentOf,
  shipmentRecord,
  topicNames,
  waitingRecord,
} from '../test/support/records.ts';

const command = new Command('npm run bench:audit --')
  .description("Checks a simulated shop's hours without Kafka, as fast as the audit can.")
  .argument('[hours]', 'simulated hours', '1')
  .argument('[orders]', 'orders per second', '2000')
  .addHelpText('after', '\nExample:\n  npm run bench:audit -- 0.25 1000')
  .parse();
const [hours, perSecond] = command.processedArgs.map(Number) as [number, number];
const partitions = 6;
const customers = 20_000;
const movesPerSecond = 60;
/** Orders in flight in each partition. */
const inFlight = 100;
/** Share of orders that wait for their customer. */
const waitingShare = 0.01;
const waitMs = 60_000;

const tracker = createOrderTracker({
  ordersTopic: topicNames.orders,
  ordersWaitingTopic: topicNames.waiting,
  duplicateWindowMs: 600_000,
});
let observedMs = 0;
const history = createCustomerHistory(() => observedMs);
const ksqldbRows = createKsqldbRows(history.versionsOf);
const freshness = createFreshness(5_000);
const verifier = createShipmentVerifier({ history, ksqldbRows, freshness, shipmentsTopic: topicNames.shipments });
/** A shipment is read at most this long after a newer row was published, ms. */
const keptMs = 300_000;
const sums = createInventorySums();

interface PlacedOrder {
  partition: number;
  offset: number;
  orderId: string;
  customerId: number;
  at: number;
}
const next = { orders: 0, shipments: 0, waiting: 0, changes: 0 };
const offsets = new Array<number>(partitions).fill(0);
const ready: PlacedOrder[][] = Array.from({ length: partitions }, () => []);
const waiting: PlacedOrder[] = [];
const address = new Map<number, string>();

function change(op: 'c' | 'u', id: number, at: number): void {
  address.set(id, `Road ${next.changes}`);
  history.add(historyChange({ offset: next.changes++, at }, op, id, address.get(id)));
  ksqldbRows.addPublished(id, history.versionsOf(id).at(-1)?.row ?? null, at);
}

function order(at: number): void {
  const partition = next.orders % partitions;
  const offset = offsets[partition] ?? 0;
  // Leaves a gap for a transaction marker now and then.
  offsets[partition] = offset + (offset % 50 === 0 ? 2 : 1);
  const placed = { partition, offset, orderId: `order-${next.orders}`, customerId: next.orders % customers, at };
  next.orders += 1;
  const record = orderRecord(placed);
  tracker.readOrder(record);
  sums.readOrder(record);
  if (Math.random() >= waitingShare) ready[partition]?.push(placed);
  else {
    tracker.readWaiting(waitingRecord({ offset: next.waiting++ }, placed));
    waiting.push(placed);
  }
}

function ship({ partition, offset, orderId, customerId }: PlacedOrder, at: number): void {
  const shipment = shipmentOf(
    orderId,
    { partition, offset },
    {
      customer_id: customerId,
      lookup_started_at: new Date(atMs(at)).toISOString(),
      looked_up_at: new Date(atMs(at)).toISOString(),
      looked_up_by: 'shipping-1',
      address: address.get(customerId) ?? '',
    },
  );
  const record = shipmentRecord({ offset: next.shipments++, at }, shipment);
  const read = tracker.readShipment(record);
  if (read) verifier.add(read, record, at);
}

for (let id = 0; id < customers; id++) change('c', id, 0);
const seconds = Math.round(hours * 3_600);
const began = performance.now();
let mostHeap = 0;
console.log(`${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}; ${perSecond} orders/s for ${hours} h`);
console.log('   hour     orders  heap MB  RSS MB  intervals  open  pending  records/s');
for (let second = 1; second <= seconds; second++) {
  const at = second * 1_000;
  observedMs = at;
  for (let move = 0; move < movesPerSecond; move++) change('u', Math.floor(Math.random() * customers), at);
  for (let placed = 0; placed < perSecond; placed++) order(at);
  for (const list of ready) for (const placed of list.splice(0, Math.max(0, list.length - inFlight))) ship(placed, at);
  while ((waiting[0]?.at ?? at) <= at - waitMs) {
    const placed = waiting.shift();
    if (placed) ship(placed, at);
  }
  ksqldbRows.addCheckpoint(ksqldbRows.read, new Map(offsets.entries()));
  // Runs what a round of the audit does, every five seconds.
  if (second % 5 === 0) {
    tracker.lost(tracker.handled(new Map([[0, 0]])));
    verifier.verifyAll(verifier.takePending(), at);
    for (const id of history.takeWithFormer(at - keptMs, 20_000)) {
      const index = ksqldbRows.publishedIndex(id, at - keptMs);
      if (index < 1) continue;
      history.forgetBefore(id, index);
      ksqldbRows.forgetFormer(id);
    }
  }
  if (second % Math.ceil(seconds / 12) !== 0) continue;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  mostHeap = Math.max(mostHeap, heapUsed);
  const { orders, intervals, open } = tracker.figures();
  const rate = (next.orders + next.shipments + next.changes) / ((performance.now() - began) / 1_000);
  const row = [
    (second / 3_600).toFixed(2),
    orders,
    mb(heapUsed),
    mb(rss),
    intervals,
    open,
    verifier.figures().pending,
    Math.round(rate),
  ];
  console.log([7, 11, 9, 8, 11, 6, 9, 11].map((width, column) => String(row[column]).padStart(width)).join(''));
}
const found =
  tracker.outcomeFindings.count +
  tracker.duplicateFindings.count +
  verifier.addressFindings.count +
  verifier.deletedFindings.count;
console.log(`violations: ${found}; most heap: ${mb(mostHeap)} MB`);
process.exit(found === 0 ? 0 : 1);

function mb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
