import kafkajs, { type PartitionAssigner } from 'kafkajs';

/**
 * Assigns partitions round-robin, as kafkajs does, under a name that no other program uses. Kafka admits to a group only members
 * that know a common assigner: a program with the same group id cannot join and take partitions that it does not ship.
 */
export const assignPartitions: PartitionAssigner = (config) => ({
  ...kafkajs.PartitionAssigners.roundRobin(config),
  name: 'shop-shipping',
});
