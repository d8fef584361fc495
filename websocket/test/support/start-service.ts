import { type ServiceProcess, startServiceProcess } from '@shop/test-support';

const main = new URL('../../src/main.ts', import.meta.url);

export interface RunningService extends ServiceProcess {
  port: number;
}

/** Runs the service as a separate process, on a free port. Resolves when the page is served. */
export async function startService(broker: string, env: Record<string, string> = {}): Promise<RunningService> {
  const service = startServiceProcess(main, {
    PORT: '0',
    KAFKA_BOOTSTRAP_SERVERS: broker,
    INSTANCE: 'test',
    ...env,
  });
  const { port } = await service.said('page and stream are served');
  return { ...service, port: Number(port) };
}
