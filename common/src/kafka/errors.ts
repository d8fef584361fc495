import { describeError, ShopError } from '../errors.ts';
import type { KafkaSettings } from '../settings/kafka-settings.ts';

/** Certificate problems of OpenSSL and Node that no waiting mends. */
const certificateCodes = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|ERR_SSL_)/;
const refusedAccess = /(TOPIC|CLUSTER|GROUP|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED/;

/** An error and what caused it, outermost first. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (
    let next = error;
    next instanceof Error && !chain.includes(next);
    next = 'cause' in next ? next.cause : undefined
  )
    chain.push(next);
  return chain;
}

/** Whether kafkajs or the broker named this error type (`UNKNOWN_MEMBER_ID`, …) anywhere in the chain of causes. */
export function hasKafkaType(error: unknown, ...types: string[]): boolean {
  return causesOf(error).some((cause) => 'type' in cause && types.includes(String(cause.type)));
}

/**
 * Wraps an error of kafkajs once: what stands in the way, which file and key to mend, whether waiting can help.
 */
export function toKafkaError(error: unknown, { source, brokers }: KafkaSettings): ShopError {
  const chain = causesOf(error);
  const last = chain.at(-1);
  const words = describeError(last ?? error);
  const text = chain
    .map(
      (cause) =>
        `${cause.name} ${'type' in cause ? cause.type : ''} ${'code' in cause ? cause.code : ''} ${cause.message}`,
    )
    .join('\n');
  if (/SASLAuthentication|SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM/.test(text))
    return new ShopError('kafka_login', `Kafka refused the login; mend ${source.login} (${words})`, { cause: error });
  const refused = refusedAccess.exec(text);
  if (refused)
    return new ShopError(
      'kafka_permission',
      `Kafka refused access: ${refused[0]}; grant it to the login of ${source.login}`,
      { cause: error },
    );
  const code = chain
    .flatMap((cause) => ('code' in cause ? [String(cause.code)] : []))
    .find((each) => certificateCodes.test(each));
  if (code || /certificate|self.signed/i.test(words))
    return new ShopError(
      'kafka_certificate',
      `the certificate of ${brokers.join(',')} is not accepted; mend config/kafka.config: ssl.ca.location (${words})`,
      { cause: error },
    );
  return new ShopError('kafka_away', `no answer from ${brokers.join(',')} (${source.brokers}): ${words}`, {
    cause: error,
    canRetry: true,
  });
}
