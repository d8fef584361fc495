import type { Admin, AdminConfig, Kafka } from 'kafkajs';
import type { ServiceContext } from '../service/run-service.ts';
import { waitUntilDone } from '../service/wait-until-done.ts';

/** Opens an admin client, waits until a broker answers it, and closes it with the service. */
export async function openAdmin(
  kafka: Kafka,
  context: Pick<ServiceContext, 'logger' | 'report' | 'signal' | 'onClose'>,
  config: AdminConfig = {},
): Promise<Admin> {
  const admin = kafka.admin(config);
  context.onClose(() => admin.disconnect());
  await waitUntilDone('Kafka', () => admin.connect(), context);
  return admin;
}
