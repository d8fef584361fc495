import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTestKafka, type TestKafka, unique } from '@shop/test-support';
import { startServer, type TestServer } from '../helpers/start-server.ts';
import { readScenario, runStep } from './replay.ts';

const folder = fileURLToPath(new URL('../fixtures/', import.meta.url));
const login = { authorization: `Basic ${Buffer.from('ksql:secret').toString('base64')}` };

/** Replays the recordings of a real ksqlDB 7.9.0 on the embedded one. */
function playAll(
  title: string,
  files: readonly string[],
  args: readonly string[],
  headers: Record<string, string>,
): void {
  describe(title, () => {
    let server: TestServer;
    let kafka: TestKafka;
    before(async () => {
      kafka = await openTestKafka();
      server = await startServer(`test-${unique()}`, args);
      await server.ready(headers);
    });
    after(async () => {
      await server.end('SIGTERM');
      await kafka.close();
    });
    for (const file of files) {
      const scenario = readScenario(readFileSync(folder + file, 'utf8'));
      describe(scenario.name, () => {
        scenario.steps.forEach((step, i) => {
          const what = step.as ?? step.expectTopic?.topic ?? Object.keys(step)[0];
          it(`${i + 1}: ${what}`, () => runStep(step, scenario.prefix, server.url, kafka));
        });
      });
    }
  });
}

const files = readdirSync(folder).sort();
playAll(
  'conformity',
  files.filter((file) => file !== 'auth.json'),
  [],
  {},
);
playAll('conformity with a login', ['auth.json'], ['--user', 'ksql:secret'], login);
