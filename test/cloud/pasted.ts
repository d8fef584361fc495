/** A cloud's address and login, as its console shows them. */
export interface CloudAccess {
  brokers: string;
  key: string;
  secret: string;
}

/** kafka.config exactly as Confluent Cloud's "Clients" page shows it, except for address, key and secret. */
export const pasted = {
  java: ({
    brokers,
    key,
    secret,
  }: CloudAccess) => `# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=${brokers}
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='${key}' password='${secret}';
sasl.mechanism=PLAIN
# Required for correctness in Apache Kafka clients prior to 2.6
client.dns.lookup=use_all_dns_ips

# Best practice for higher availability in Apache Kafka clients prior to 3.0
session.timeout.ms=45000

# Best practice for Kafka producer to prevent data loss
acks=all

client.id=ccloud-java-client-0b3a1c52
`,
  librdkafka: ({
    brokers,
    key,
    secret,
  }: CloudAccess) => `# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=${brokers}
security.protocol=SASL_SSL
sasl.mechanisms=PLAIN
sasl.username=${key}
sasl.password=${secret}

# Best practice for higher availability in librdkafka clients prior to 1.7
session.timeout.ms=45000

client.id=ccloud-python-client-7d1f9a20
`,
  /** A configuration of mutual TLS with two PEM files … */
  certificate: ({ brokers }: CloudAccess) => `bootstrap.servers=${brokers}
security.protocol=SSL
ssl.certificate.location=client.pem
ssl.key.location=client.key
`,
  /** … or with one, as Java needs it. */
  keystore: ({ brokers }: CloudAccess) => `bootstrap.servers=${brokers}
security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location=client.keystore
`,
};

export type Style = keyof typeof pasted;
