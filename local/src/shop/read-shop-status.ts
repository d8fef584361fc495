import { readJson, readToEnd, readTopics, type ServiceContext, type ServiceStatus, serviceStatus } from '@shop/common';
import { openKafka } from './open-kafka.ts';

/** An instance that has not reported for this time was removed, ms. */
const forgottenAfterMs = 10 * 60_000;

/** The last report of an instance, and its age. */
export interface ReportedStatus extends ServiceStatus {
  silent_ms: number;
}

/** Reads the last report of each instance from `service_status`. @throws ShopError `kafka_unavailable` */
export async function readShopStatus(context: ServiceContext): Promise<ReportedStatus[]> {
  const { kafka } = await openKafka(context);
  const instances = new Map<string, ReportedStatus>();
  const onRecord = ({ key, value, timestamp }: { key: Buffer | null; value: Buffer | null; timestamp: number }) => {
    if (value === null) return;
    const silentMs = Math.max(0, Date.now() - timestamp);
    if (silentMs < forgottenAfterMs)
      instances.set(String(key), { ...readJson(value, serviceStatus), silent_ms: silentMs });
  };
  await readToEnd({ kafka, topic: readTopics(context.env).serviceStatus.topic, onRecord }, context);
  return [...instances.values()].sort(
    (a, b) => a.service.localeCompare(b.service) || a.instance.localeCompare(b.instance),
  );
}
