import {
  CommandRefused,
  createClosers,
  createKafka,
  createLogger,
  createReport,
  describeError,
  ensureTopics,
  obeyCommands,
  type PrepareFault,
  readKafkaSettings,
  readTopics,
  secondsOf,
  servers,
} from '@shop/common';
import type { Fleet } from './fleet.ts';

export interface ServersPlan {
  fleet: Pick<Fleet, 'processes'>;
  /** The services' variables, which name the topics. */
  topicEnvironment: NodeJS.ProcessEnv;
  /** This process's variables and the fleet's addresses. */
  env: NodeJS.ProcessEnv;
  say(text: string): void;
  signal: AbortSignal;
}

/** Obeys the commands that crash or freeze the servers. @returns what ends it @throws SettingError */
export function obeyServers({ fleet, topicEnvironment, env, say, signal }: ServersPlan): () => Promise<void> {
  const topics = readTopics(topicEnvironment);
  const settings = readKafkaSettings(env);
  const closers = createClosers();
  const context = {
    name: 'npm-start',
    instance: 'npm-start',
    env,
    // Silent, because the services log the same about Kafka.
    logger: createLogger('npm-start', { LOG_LEVEL: 'silent' }),
    report: createReport(),
    signal,
    onClose: closers.add,
    fail: (error: unknown) => say(`cannot obey commands for servers: ${describeError(error)}`),
  };

  const prepareFault: PrepareFault = (fault) => {
    const server = fleet.processes.find(({ plan }) => plan.name === fault.target);
    if (!server?.isUp()) throw new CommandRefused(`${fault.target} is no running process of this npm start`);
    return async () => {
      say(`${fault.command} of ${fault.target}, by command`);
      await (fault.command === 'crash' ? server.crash() : server.freeze(secondsOf(fault) * 1_000));
      return { recovered_at: new Date().toISOString() };
    };
  };

  async function begin(): Promise<void> {
    const kafka = createKafka(settings, { clientId: context.name });
    // The services may not have created the topics yet.
    await ensureTopics(kafka, settings, [topics.commands, topics.commandResults], context);
    obeyCommands({ kafka, settings, topics, targets: servers, prepareFault }, context);
  }

  void begin().catch((error: unknown) => {
    if (!signal.aborted) context.fail(error);
  });
  return closers.closeAll;
}
