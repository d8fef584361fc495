import {
  checkKafkaSettings,
  escapeJavaText,
  exportForShell,
  readKafkaSettings,
  readPostgresSettings,
  toWorkerProperties,
} from '@shop/common';

/**
 * For start-worker.sh: the worker's Kafka properties in the form of the image (`CONNECT_SECURITY_PROTOCOL`), and what the
 * connector's `${env:…}` stand for.
 */
await exportForShell(async (env) => {
  const kafka = readKafkaSettings(env);
  const postgres = readPostgresSettings(env);
  await checkKafkaSettings(kafka);
  const variables: Record<string, string> = {
    POSTGRES_HOST: postgres.host,
    POSTGRES_PORT: String(postgres.port),
    POSTGRES_DB: postgres.database,
    DEBEZIUM_USER: postgres.debezium.user,
    DEBEZIUM_PASSWORD: postgres.debezium.password,
  };
  // The image writes each value into a Java properties file as it is.
  for (const [key, value] of Object.entries(toWorkerProperties(kafka)))
    variables[`CONNECT_${key.toUpperCase().replaceAll('.', '_')}`] = escapeJavaText(value);
  return variables;
});
