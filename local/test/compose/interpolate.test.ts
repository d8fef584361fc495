// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolate } from '../../src/compose/interpolate.ts';

const variables = { PORT: '8080', EMPTY: '' };

test('fills variables and defaults as docker compose does', () => {
  assert.equal(interpolate('a ${PORT} b $PORT', variables), 'a 8080 b 8080');
  assert.equal(interpolate('${PORT:-1}', variables), '8080');
  assert.equal(interpolate('${NONE:-1}${NONE-2}${NONE:-}', variables), '12');
  assert.equal(interpolate('${EMPTY:-1}', variables), '1', ':- takes the default for an empty value');
  assert.equal(interpolate('${EMPTY-1}', variables), '', '- takes it only for one that is not set');
  assert.equal(interpolate('$${PORT} costs $$5', variables), '${PORT} costs $5');
});

test('names the missing variable', () => {
  assert.throws(() => interpolate('${NONE}', variables), /NONE is not set; it belongs into \.env/);
  assert.throws(() => interpolate('${EMPTY:?give one}', variables), /EMPTY is not set \(give one\)/);
  assert.equal(interpolate('${PORT:?give one}', variables), '8080');
});
