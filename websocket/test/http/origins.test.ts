import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { isOriginAllowed } from '../../src/http/origins.ts';
import { readWebsocketSettings } from '../../src/settings.ts';

const asks = (origin?: string) => ({ headers: { host: 'shop.example:8080', ...(origin && { origin }) } });

test('the page’s own origin may connect, and who is no page', () => {
  assert.equal(isOriginAllowed(asks('http://shop.example:8080'), []), true);
  assert.equal(isOriginAllowed(asks(), []), true);
});

test('another origin may connect only when it is allowed', () => {
  for (const origin of ['http://evil.example', 'http://shop.example:80', 'null', 'nonsense'])
    assert.equal(isOriginAllowed(asks(origin), []), false, origin);
  assert.equal(isOriginAllowed(asks('https://a.example'), ['https://a.example']), true);
  assert.equal(isOriginAllowed(asks('https://a.example'), ['*']), true);
});

test('ALLOWED_ORIGINS is read, and refused when it holds no origin', () => {
  const read = (text: string) => readWebsocketSettings({ ALLOWED_ORIGINS: text }).ALLOWED_ORIGINS;
  assert.deepEqual(read(' https://a.example/ , http://b:81'), ['https://a.example', 'http://b:81']);
  assert.deepEqual(read(''), []);
  for (const text of ['a.example', 'https://a.example/path', 'ftp://a.example'])
    assert.throws(() => read(text), SettingError);
});
