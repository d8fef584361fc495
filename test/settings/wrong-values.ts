const ms = ['', 'soon', '1.5', '-1'];
const count = ['', 'many', '1.5', '-1'];
const port = ['http', '1.5', '-1', '65536'];
const topic = ['', 'no spaces', 'x'.repeat(250), 'ümlaut'];
const url = ['', 'kafka:9092', 'ftp://host', 'http//host'];

/** For every setting of every service: texts that it cannot be. Empty, of another type, beyond its limits. */
export const wrongValues: Readonly<Record<string, readonly string[]>> = {
  // every service
  LOG_LEVEL: ['', 'loud', '5', 'INFO'],
  INSTANCE: ['', '  '],
  SHUTDOWN_GRACE_MS: [...ms, '600001'],
  HEALTH_PORT: port,
  // topics
  CUSTOMERS_TOPIC: topic,
  ORDERS_TOPIC: topic,
  REFILLS_TOPIC: topic,
  SHIPMENTS_TOPIC: topic,
  ORDERS_WAITING_TOPIC: topic,
  DEAD_LETTERS_TOPIC: topic,
  SERVICE_STATUS_TOPIC: topic,
  AUDIT_RESULTS_TOPIC: topic,
  COMMANDS_TOPIC: topic,
  COMMAND_RESULTS_TOPIC: topic,
  REPAIRS_TOPIC: topic,
  TOPIC_PARTITIONS: [...count, '0', '201'],
  TOPIC_RETENTION_HOURS: [...count, '0', '8761'],
  // connector, ksql, audit
  CUSTOMERS_TABLE_TOPIC: topic,
  CONNECT_URL: url,
  CONNECTOR_CHECK_INTERVAL_MS: [...ms, '99', '3600001'],
  APPLY_INTERVAL_MS: [...ms, '99', '3600001'],
  STATEMENT_TIMEOUT_MS: [...ms, '99', '3600001'],
  QUERY_STUCK_MS: [...ms, '999', '86400001'],
  // updater
  UPDATE_INTERVAL_MS: [...ms, '49', '86400001'],
  CUSTOMERS_INSERTED: [...count, '100001'],
  CUSTOMERS_MOVED: [...count, '100001'],
  CUSTOMERS_DELETED: [...count, '100001'],
  SEED: ['abc', '1.5', '-1', '4294967296'],
  // order-service
  ORDERS_PER_SECOND: ['', 'many', '0', '-1', '200001', '1e3'],
  QUANTITY_MIN: [...count, '0', '1000001', '6'],
  QUANTITY_MAX: [...count, '0', '1000001'],
  // shipping-service
  CONSUMER_GROUP: ['', '  '],
  LOOKUP_IDS_PER_QUERY: [...count, '0', '501'],
  LOOKUP_QUERIES_IN_FLIGHT: [...count, '0', '33'],
  LOOKUP_TIMEOUT_MS: [...ms, '99', '120001'],
  CUSTOMER_WAIT_MS: [...ms, '86400001'],
  DUPLICATE_WINDOW_MS: [...ms, '86400001'],
  // refill-inventory
  REFILL_INTERVAL_MS: [...ms, '49', '86400001'],
  REFILL_MIN: [...count, '0', '1000000001', '61'],
  REFILL_MAX: [...count, '0', '1000000001', '19'],
  // websocket
  HOST: ['', '  '],
  PORT: ['', ...port],
  TOPICS: ['', 'orders,', 'customer orders', 'a,,b'],
  ALLOWED_ORIGINS: ['example.com', 'ftp://example.com', 'https://example.com/path'],
  MAX_CLIENTS: [...count, '0', '100001'],
  MAX_CLIENTS_PER_ADDRESS: [...count, '100001'],
  CLIENT_BUFFER_KIB: [...count, '15', '1048577'],
  REPLAY_PER_TOPIC: [...count, '100001'],
  STORY_EVENTS: [...count, '99', '1000001'],
  HEARTBEAT_SECONDS: [...count, '0', '3601'],
  PAGE_ADDRESS: ['', '  '],
  SERVERS_OBEY: ['on'],
  SHOP_CONTROL: ['yes', 'ON', 'token'],
  SHOP_CONTROL_TOKEN: ['short', 'it has spaces in it', 'x'.repeat(201)],
  // audit
  AUDIT_INTERVAL_MS: [...ms, '99', '86400001'],
  FRESHNESS_TARGET_MS: [...ms, '99', '86400001'],
  QUIET_MS: [...ms, '99', '86400001'],
  SETTLE_MS: [...ms, '99', '86400001'],
  STUCK_MS: [...ms, '99', '86400001'],
  CUSTOMERS_PER_ROUND: [...count, '99', '100001'],
  SHIPPING_GROUP: ['', '  '],
  WEBSOCKET_URL: url,
};
