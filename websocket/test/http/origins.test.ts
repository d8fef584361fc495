import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { readWebsocketSettings } from '../../src/settings.ts';

test('ALLOWED_ORIGINS is read, and refused when it holds no origin', () => {
  const read = (text: string) => readWebsocketSettings({ ALLOWED_ORIGINS: text }).ALLOWED_ORIGINS;
  assert.deepEqual(read(' https://a.example/ , http://b:81'), ['https://a.example', 'http://b:81']);
  assert.deepEqual(read(''), []);
  for (const text of ['a.example', 'https://a.example/path', 'ftp://a.example'])
    assert.throws(() => read(text), SettingError);
});
