import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command, commandResult, createClosers, createKafka, readJson } from '@shop/common';
import { countMessages, findFreePort, followTopic, makeDataFolder, startBroker, until } from '@shop/test-support';
import { startService } from '../support/start-service.ts';

const body = JSON.stringify({ target: 'websocket', command: 'freeze', seconds: 1 });

test('a command goes through Kafka and is answered; without Kafka it is refused and never sent', async (t) => {
  // The broker ends last: without it, kafkajs' clients keep trying to leave their groups.
  const closers = createClosers();
  t.after(() => closers.closeAll());
  const scope = { after: closers.add };
  const folder = makeDataFolder();
  const port = await findFreePort();
  const address = `127.0.0.1:${port}`;
  let broker = await startBroker({ folder, port });
  scope.after(() => broker.stop());
  const service = await startService(address, { LOG_LEVEL: 'info', COMMANDS_TOPIC: 'shop_commands' });
  scope.after(() => service.end());
  const post = () =>
    fetch(`http://127.0.0.1:${service.port}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  await until('Kafka is there', async () => (await post()).status === 202);

  const source = { brokers: 'the test', login: 'the test' };
  const kafka = createKafka({ brokers: [address], source });
  const results = await followTopic(scope, kafka, 'shop_command_results');
  const [first] = await results.reach(1);
  const answered = readJson(first?.value ?? null, commandResult);
  assert.deepEqual([answered.target, answered.command, answered.status], ['websocket', 'freeze', 'done']);

  const before = await countMessages(kafka, 'shop_commands');
  process.kill(broker.pid, 'SIGSTOP');
  const unanswered = await post();
  process.kill(broker.pid, 'SIGCONT');
  assert.equal(unanswered.status, 503);
  assert.match(await unanswered.text(), /no answer within 3 s.*The command was not sent/);
  await broker.kill();
  const refused = await post();
  assert.equal(refused.status, 503);
  assert.match(await refused.text(), /^Kafka is unavailable \(.*\)\. The command was not sent\.$/m);
  broker = await startBroker({ folder, port });

  const accepted: string[] = [];
  await until('Kafka takes a command again', async () => {
    const response = await post();
    if (response.status === 202) accepted.push(((await response.json()) as { command_id: string }).command_id);
    return accepted.length > 0;
  });
  const commands = await followTopic(scope, kafka, 'shop_commands');
  await commands.reach(before + 1);
  const later = commands.messages.slice(before).map(({ value }) => readJson(value, command).command_id);
  assert.deepEqual(later, accepted, 'what was refused is not in the topic');
});
