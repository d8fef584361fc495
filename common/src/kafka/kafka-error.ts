import type { KafkaSettings } from '../settings/kafka-settings.ts';
import { describeError, ShopError } from '../shop-error.ts';
import { describeTlsTrouble, findTlsTrouble } from '../tls-trouble.ts';

/** How a connection ends when the client uses TLS and the broker does not, or the other way round. */
const hungUp = /closed connection|disconnected before secure|socket hang up|ECONNRESET/i;
const refusedAccess = /(TOPIC|CLUSTER|GROUP|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED/;

/** An error and what caused it, outermost first; of an error that stands for several, all of them. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  const visit = (next: unknown) => {
    if (!(next instanceof Error) || chain.includes(next)) return;
    chain.push(next);
    if ('errors' in next && Array.isArray(next.errors)) next.errors.forEach(visit);
    if ('cause' in next) visit(next.cause);
  };
  visit(error);
  return chain;
}

/** Whether kafkajs or the broker named this error type (`UNKNOWN_MEMBER_ID`, …) anywhere in the chain of causes. */
export function hasKafkaType(error: unknown, ...types: string[]): boolean {
  return causesOf(error).some((cause) => 'type' in cause && types.includes(String(cause.type)));
}

/**
 * Wraps an error of kafkajs once: what is wrong, which file and key to fix, whether waiting can help.
 */
export function toKafkaError(error: unknown, { source, brokers, tls }: KafkaSettings): ShopError {
  const chain = causesOf(error);
  const words = describeError(chain.at(-1) ?? error);
  const text = chain
    .map(
      (cause) =>
        `${cause.name} ${'type' in cause ? cause.type : ''} ${'code' in cause ? cause.code : ''} ${cause.message}`,
    )
    .join('\n');
  if (/SASLAuthentication|SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM/.test(text))
    return new ShopError('kafka_login', `Kafka refused the login; fix ${source.login} (${words})`, {
      cause: error,
      isSetting: true,
    });
  const refused = refusedAccess.exec(text);
  if (refused)
    return new ShopError(
      'kafka_permission',
      `Kafka refused access${nameTopics(chain)} (${refused[0]}); grant it to the login of ${source.login}`,
      { cause: error },
    );
  const trouble = findTlsTrouble(chain);
  if (trouble)
    return new ShopError(
      'kafka_certificate',
      describeTlsTrouble(trouble, {
        server: brokers.join(','),
        address: source.brokers,
        authority: 'config/kafka.config: ssl.ca.location',
        protocol: 'config/kafka.config: security.protocol',
        client: tls?.client
          ? `refused the client's certificate; fix ${source.certificate}`
          : 'asks for a client certificate; set ssl.certificate.location and ssl.key.location in config/kafka.config',
      }),
      { cause: error, isSetting: trouble.kind !== 'expired' },
    );
  const hint = hungUp.test(words)
    ? `; if this stays so, config/kafka.config: security.protocol does not fit${tls && !tls.client ? ', or Kafka asks for a client certificate' : ''}`
    : '';
  return new ShopError('kafka_away', `no answer from ${brokers.join(',')} (${source.brokers}): ${words}${hint}`, {
    cause: error,
    canRetry: true,
  });
}

/** Some errors of kafkajs name their topic. */
function nameTopics(chain: readonly Error[]): string {
  const topics = new Set(chain.flatMap((cause) => ('topic' in cause && cause.topic ? [String(cause.topic)] : [])));
  return topics.size > 0 ? ` to ${[...topics].join(', ')}` : '';
}
