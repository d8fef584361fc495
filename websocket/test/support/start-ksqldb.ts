import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKsqldbClient, type KsqldbClient } from '@shop/common';
import { startServiceProcess, untilPasses } from '@shop/test-support';

const main = new URL('../../../ksql/embedded/src/main.ts', import.meta.url);
const statementsFolder = fileURLToPath(new URL('../../../ksql/statements/', import.meta.url));

export interface RunningKsqldb {
  client: KsqldbClient;
  end(): Promise<unknown>;
}

/** Runs the embedded ksqlDB with the shop's tables. Resolves when it has them. */
export async function startKsqldb(broker: string, port: number): Promise<RunningKsqldb> {
  const args = ['--kafka', broker, '--port', String(port), '--service-id', 'page'];
  const service = startServiceProcess(main, { HEALTH_PORT: '' }, args);
  const endpoint = `http://127.0.0.1:${port}`;
  const source = { endpoint: 'the test', login: 'the test' };
  const client = createKsqldbClient({ endpoint, source }, { timeoutMs: 60_000 });
  await untilPasses('the tables', () => client.execute(readStatements(), { 'auto.offset.reset': 'earliest' }));
  return {
    client,
    end() {
      client.close();
      return service.end();
    },
  };
}

/** The shop's statements. Their SET is a property of the request here. */
function readStatements(): string {
  const files = readdirSync(statementsFolder).filter((file) => file.endsWith('.ksql'));
  const texts = files.sort().map((file) => readFileSync(`${statementsFolder}${file}`, 'utf8'));
  return texts.join('\n').replaceAll(/^SET .*$/gm, '');
}
