import { bulkFaults } from './families/bulk.ts';
import { captureFaults } from './families/capture.ts';
import { clusterFaults } from './families/cluster.ts';
import { columnFaults } from './families/columns.ts';
import { ksqldbFaults } from './families/ksqldb.ts';
import { networkFaults } from './families/network.ts';
import { poisonFaults } from './families/poison.ts';
import { processFaults } from './families/processes.ts';
import { productFaults } from './families/products.ts';
import { schemaFaults } from './families/schema.ts';
import { serverFaults } from './families/servers.ts';
import { shippingFaults } from './families/shipping.ts';
import { slotFaults } from './families/slot.ts';
import { topicFaults } from './families/topics.ts';
import type { Fault } from './fault.ts';

/** Every fault, in the order of a full run; those that need a separate shop come last. */
export const faults: readonly Fault[] = [
  ...processFaults,
  ...shippingFaults,
  ...serverFaults,
  ...clusterFaults,
  ...ksqldbFaults,
  ...networkFaults,
  ...poisonFaults,
  ...schemaFaults,
  ...productFaults,
  ...bulkFaults,
  ...captureFaults,
  ...columnFaults,
  ...slotFaults,
  ...topicFaults,
].toSorted((a, b) => Number(a.apart ?? false) - Number(b.apart ?? false));

/** Finds faults by name. @throws when a name is unknown, or its fault needs another number of brokers */
export function findFaults(names: readonly string[], brokers: number): Fault[] {
  return names.map((name) => {
    const fault = faults.find((each) => each.name === name);
    if (!fault) throw new Error(`there is no fault ${name}; npm run faults -- --list shows them`);
    if (!fits(fault, brokers)) throw new Error(`${name} needs --brokers ${fault.brokers}`);
    return fault;
  });
}

/** Whether the fault is possible with this number of brokers. */
export const fits = (fault: Fault, brokers: number): boolean => (fault.brokers ?? brokers) === brokers;
