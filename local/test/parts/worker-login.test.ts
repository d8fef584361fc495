import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { toWorkerLogin } from '../../src/parts/worker-login.ts';

const source = { brokers: 'config/kafka.config', login: 'config/kafka.config' };

test('a broker on loopback needs no login', () => {
  const settings = toWorkerLogin({ brokers: ['127.0.0.1:1', '127.0.0.1:2'], source }, '/none');
  assert.equal(settings['bootstrap.servers'], '127.0.0.1:1,127.0.0.1:2');
  assert.equal(settings['security.protocol'], 'PLAINTEXT');
  assert.equal(settings['producer.security.protocol'], 'PLAINTEXT');
  assert.equal('sasl.jaas.config' in settings, false);
});

test('login and certificates reach the worker and the clients of its connectors', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'worker-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const settings = toWorkerLogin(
    {
      brokers: ['b:9092'],
      tls: { ca: 'PEM', checkHostName: false },
      sasl: { mechanism: 'plain', username: 'key', password: 'a"b\\c' },
      source,
    },
    folder,
  );
  for (const prefix of ['', 'producer.', 'consumer.', 'admin.']) {
    assert.equal(settings[`${prefix}security.protocol`], 'SASL_SSL');
    assert.equal(settings[`${prefix}sasl.mechanism`], 'PLAIN');
    assert.match(
      settings[`${prefix}sasl.jaas.config`] ?? '',
      /PlainLoginModule required username="key" password="a\\"b\\\\c";$/,
    );
    assert.equal(settings[`${prefix}ssl.endpoint.identification.algorithm`], '');
    assert.equal(readFileSync(settings[`${prefix}ssl.truststore.location`] ?? '', 'utf8'), 'PEM');
  }
});
