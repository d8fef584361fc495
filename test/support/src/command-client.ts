import { type CommandRequest, type CommandResult, commandResult, createCommand, readJson } from '@shop/common';
import { followTopic } from './follow-topic.ts';
import type { TopicsOfTest } from './kafka-topics.ts';
import type { Scope } from './scope.ts';
import { openTestKafka } from './test-kafka.ts';
import { until } from './until.ts';

/** Sends a command, and waits for its result. */
type SendCommand = (request: CommandRequest) => Promise<CommandResult>;

/** Opens what commands a service. Its COMMANDS_TOPIC and COMMAND_RESULTS_TOPIC are named in `env`; the service creates them. */
export async function openCommandClient(t: Scope, { kafka, env }: TopicsOfTest): Promise<SendCommand> {
  const client = await openTestKafka();
  t.after(() => client.close());
  const [topic = '', resultsTopic = ''] = [env['COMMANDS_TOPIC'], env['COMMAND_RESULTS_TOPIC']];
  await until('the topics of commands', async () => (await client.admin.listTopics()).includes(resultsTopic));
  const results = await followTopic(t, kafka, resultsTopic);
  return async (request) => {
    const command = createCommand(request);
    await client.send(topic, [{ key: command.target, value: JSON.stringify(command) }]);
    return until(`the result of ${command.command}`, () => {
      const found = results.messages.find(({ key }) => String(key) === command.command_id);
      return found && readJson(found.value, commandResult);
    });
  };
}
