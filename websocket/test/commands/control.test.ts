import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingError } from '@shop/common';
import { decideControl } from '../../src/commands/control.ts';
import { readWebsocketSettings } from '../../src/settings.ts';

const token = 'a-long-enough-token';
const decide = (env: Record<string, string>) => decideControl(readWebsocketSettings(env));

for (const [env, mode] of [
  [{}, 'on'],
  [{ HOST: '0.0.0.0' }, 'off'],
  [{ HOST: '0.0.0.0', PAGE_ADDRESS: '127.0.0.1' }, 'on'],
  [{ HOST: '0.0.0.0', PAGE_ADDRESS: '0.0.0.0' }, 'off'],
  [{ HOST: '127.0.0.1', PAGE_ADDRESS: '192.168.1.7' }, 'off'],
  [{ PAGE_ADDRESS: '::1', SHOP_CONTROL: '', SHOP_CONTROL_TOKEN: '' }, 'on'],
  [{ PAGE_ADDRESS: '127.evil.example' }, 'off'],
  [{ SHOP_CONTROL: 'off' }, 'off'],
  [{ PAGE_ADDRESS: '0.0.0.0', SHOP_CONTROL: 'on' }, 'on'],
  [{ PAGE_ADDRESS: '0.0.0.0', SHOP_CONTROL_TOKEN: token }, 'token'],
  [{ SHOP_CONTROL_TOKEN: token }, 'token'],
  [{ SHOP_CONTROL: 'token', SHOP_CONTROL_TOKEN: token }, 'token'],
  [{ SHOP_CONTROL: 'off', SHOP_CONTROL_TOKEN: token }, 'off'],
] as const)
  test(`${JSON.stringify(env)}: commands are ${mode}`, () => {
    const control = decide(env);
    assert.equal(control.mode, mode);
    assert.equal(control.isAllowed({ headers: {} }), mode === 'on');
    assert.equal(control.isAllowed({ headers: { authorization: `Bearer ${token}` } }), mode !== 'off');
  });

test('only the whole token is accepted', () => {
  const control = decide({ SHOP_CONTROL_TOKEN: token });
  for (const authorization of [token, `Bearer ${token}x`, `Bearer ${token.slice(1)}`, 'Bearer ', 'Bearer undefined'])
    assert.equal(control.isAllowed({ headers: { authorization } }), false, authorization);
});

test('settings that leave open who may send commands stop the start, and no token is shown', () => {
  for (const [env, expected] of [
    [{ SHOP_CONTROL: 'token' }, /SHOP_CONTROL: found "token", expected something else, or set SHOP_CONTROL_TOKEN/],
    [{ SHOP_CONTROL: 'on', SHOP_CONTROL_TOKEN: token }, /SHOP_CONTROL: found "on", expected token, because/],
    [{ SHOP_CONTROL_TOKEN: 'short' }, /SHOP_CONTROL_TOKEN: found a value that is not shown, expected a text of 16/],
    [{ SHOP_CONTROL_TOKEN: 'with a space in between' }, /found a value that is not shown/],
  ] as const)
    assert.throws(
      () => readWebsocketSettings(env),
      (error) => error instanceof SettingError && expected.test(error.message),
    );
});
