import { readToEnd, type ServiceStatus } from '@shop/common';
import { openServiceContext, openTestKafka, type Scope } from '@shop/test-support';

/** Reads what a service has counted until its end, from the last status that it published. */
export async function readCounters(scope: Scope, statusTopic: string): Promise<Readonly<Record<string, number>>> {
  const { kafka, close } = await openTestKafka();
  const { context } = openServiceContext(scope, 'bench', {});
  let last: ServiceStatus | undefined;
  await readToEnd(
    {
      kafka,
      topic: statusTopic,
      onRecord: ({ value }) => {
        last = JSON.parse(String(value)) as ServiceStatus;
      },
    },
    context,
  );
  await close();
  if (last?.state !== 'stopped') throw new Error(`the last status in ${statusTopic} is ${last?.state}, not stopped`);
  return last.counters;
}
