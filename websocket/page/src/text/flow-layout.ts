import type { PartName } from './explanations.ts';

/** What a part of the picture is, for its look. */
type PartKind = 'service' | 'database' | 'topic' | 'table';

export interface FlowPart {
  name: PartName;
  kind: PartKind;
  /** The service that obeys commands for this part. */
  obeys?: string;
  /** The server that it is, or that it runs in. */
  server?: string;
  /** Column 1 to 5 and row 1 to 3 of the picture. */
  column: number;
  row: number;
}

export interface FlowEdge {
  from: PartName;
  to: PartName;
  /** The topic whose messages travel here; none for what no topic counts. */
  topic?: string;
  /** Shown where the edge counts nothing. */
  label?: string;
  /** `lookup` goes both ways. */
  kind?: 'lookup' | 'reads';
}

/** Three lanes: customers, orders, stock. */
export const lanes: { name: string; parts: FlowPart[] }[] = [
  {
    name: 'Customers',
    parts: [
      { name: 'updater', kind: 'service', obeys: 'updater', column: 1, row: 1 },
      { name: 'postgres', kind: 'database', server: 'postgres_start', column: 2, row: 1 },
      { name: 'debezium', kind: 'service', obeys: 'connector', server: 'connect', column: 3, row: 1 },
      { name: 'customersTopic', kind: 'topic', server: 'kafka', column: 4, row: 1 },
      { name: 'ksqlCustomers', kind: 'table', server: 'ksqldb', column: 5, row: 1 },
    ],
  },
  {
    name: 'Orders',
    parts: [
      { name: 'orderService', kind: 'service', obeys: 'order-service', column: 1, row: 2 },
      { name: 'ordersTopic', kind: 'topic', server: 'kafka', column: 2, row: 2 },
      { name: 'shipping', kind: 'service', obeys: 'shipping-service', column: 4, row: 2 },
      { name: 'shipmentsTopic', kind: 'topic', server: 'kafka', column: 5, row: 2 },
    ],
  },
  {
    name: 'Stock',
    parts: [
      { name: 'refill', kind: 'service', obeys: 'refill-inventory', column: 1, row: 3 },
      { name: 'refillsTopic', kind: 'topic', server: 'kafka', column: 2, row: 3 },
      { name: 'ksqlStock', kind: 'table', server: 'ksqldb', column: 4, row: 3 },
      { name: 'stockTopic', kind: 'topic', server: 'kafka', column: 5, row: 3 },
    ],
  },
];

export const edges: FlowEdge[] = [
  { from: 'updater', to: 'postgres', topic: 'dummy.public.customers' },
  { from: 'postgres', to: 'debezium', label: 'log' },
  { from: 'debezium', to: 'customersTopic', topic: 'dummy.public.customers' },
  { from: 'customersTopic', to: 'ksqlCustomers', topic: 'CUSTOMERS' },
  { from: 'postgres', to: 'orderService', kind: 'reads' },
  { from: 'orderService', to: 'ordersTopic', topic: 'customer_orders' },
  { from: 'ordersTopic', to: 'shipping', topic: 'customer_orders' },
  { from: 'shipping', to: 'ksqlCustomers', kind: 'lookup', label: 'where to?' },
  { from: 'shipping', to: 'shipmentsTopic', topic: 'shipments' },
  { from: 'refill', to: 'refillsTopic', topic: 'inventory_refills' },
  { from: 'refillsTopic', to: 'ksqlStock', topic: 'inventory_refills' },
  { from: 'ordersTopic', to: 'ksqlStock', topic: 'customer_orders' },
  { from: 'ksqlStock', to: 'stockTopic', topic: 'FINAL_INVENTORY' },
];

export const partsByName: ReadonlyMap<PartName, FlowPart> = new Map(
  lanes.flatMap(({ parts }) => parts).map((part) => [part.name, part]),
);

/** Half a part's width and height in percent of the picture. */
const half = { x: 7.6, y: 11 };

export interface Line {
  /** Path in a picture of 100 by 100. */
  path: string;
  /** Where a label stands, in percent. */
  x: number;
  y: number;
}

/** How an edge runs: straight along a lane, in a bend between lanes. */
export function lineOf({ from, to }: FlowEdge): Line | undefined {
  const a = partsByName.get(from);
  const b = partsByName.get(to);
  if (!a || !b) return undefined;
  const [ax, ay, bx, by] = [...centre(a), ...centre(b)];
  if (a.row === b.row) {
    const [x1, x2] = [ax + half.x, bx - half.x];
    return { path: `M${x1},${ay} L${x2},${by}`, x: (x1 + x2) / 2, y: ay };
  }
  const down = Math.sign(by - ay);
  const [y1, y2] = [ay + down * half.y, by - down * half.y];
  const middle = (y1 + y2) / 2;
  return { path: `M${ax},${y1} C${ax},${middle} ${bx},${middle} ${bx},${y2}`, x: (ax + bx) / 2, y: middle };
}

const centre = ({ column, row }: FlowPart): [number, number] => [(column - 0.5) * 20, ((row - 0.5) * 100) / 3];
