import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withUtf8 } from '../../src/java/utf8-locale.ts';

test('Java gets a UTF-8 locale on Linux if the environment has none', () => {
  const utf8 = { LC_ALL: 'C.UTF-8' };
  for (const env of [
    {},
    { LANG: 'C' },
    { LANG: '' },
    { LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' },
    { LC_CTYPE: 'C', LANG: 'en_US.utf8' },
  ])
    assert.deepEqual(withUtf8(env, 'linux'), { ...env, ...utf8 });
});

test('keeps a UTF-8 locale of the user, and any locale on other systems', () => {
  for (const env of [{ LANG: 'de_DE.UTF-8' }, { LANG: 'C', LC_ALL: 'en_US.utf8' }])
    assert.deepEqual(withUtf8(env, 'linux'), env);
  assert.deepEqual(withUtf8({ LANG: 'C' }, 'darwin'), { LANG: 'C' });
});
