import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatJavaProperties, toJavaSettings } from '../../src/compose/java-settings.ts';

test('maps names as the images of Kafka and Connect do', () => {
  const environment = {
    KAFKA_LOG_DIRS: '/data',
    KAFKA_A__B_C___D: 'x',
    KAFKA_HEAP_OPTS: '-Xmx1g',
    KAFKA_LOG4J_ROOT_LOGLEVEL: 'WARN',
    CONNECT_GROUP_ID: 'g',
  };
  assert.deepEqual(toJavaSettings('KAFKA_', environment), { 'log.dirs': '/data', 'a_b.c-d': 'x' });
  assert.deepEqual(toJavaSettings('CONNECT_', environment), { 'group.id': 'g' });
});

test('escapes the special characters of a properties file', () => {
  const text = formatJavaProperties({ 'sasl.jaas.config': ' a="b\\"c";\nü', 'odd key': '#!' });
  assert.equal(text, 'sasl.jaas.config=\\ a="b\\\\"c";\\n\\u00fc\nodd\\ key=#!\n');
});
