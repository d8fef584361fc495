import { escapeJavaText } from '@shop/common';

/** Variables of the images' start scripts, which are not settings of the broker or the worker. */
const ofScripts = /_(HEAP_OPTS|OPTS|JMX_\w+|LOG4J_\w+|VERSION)$/;

/**
 * Converts environment variables to settings, as the images of Kafka and Connect do: `KAFKA_LOG_DIRS` becomes
 * `log.dirs`. `_` becomes a dot, `__` an underscore, `___` a dash.
 *
 * @param prefix `KAFKA_` or `CONNECT_`
 */
export function toJavaSettings(prefix: string, environment: Readonly<Record<string, string>>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || ofScripts.test(name)) continue;
    const key = name
      .slice(prefix.length)
      .toLowerCase()
      .replaceAll(/_{1,3}/g, (run) => ['', '.', '_', '-'][run.length] ?? run);
    settings[key] = value;
  }
  return settings;
}

/** Formats settings as a Java properties file, escaped for java.util.Properties. */
export function formatJavaProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${escapeJavaText(key).replaceAll(/[ :=]/g, '\\$&')}=${escapeJavaText(value)}\n`)
    .join('');
}
