import assert from 'node:assert/strict';
import test from 'node:test';
import { toCheckResult } from '../../src/findings/check-result.ts';
import { createFindings, mostNamed } from '../../src/findings/findings.ts';

test('a check is ok, unchecked or violated, and violated takes precedence', () => {
  const none = createFindings();
  assert.equal(toCheckResult('P1', { cases: 3, found: [none] }, 0).state, 'ok');
  const unchecked = toCheckResult('P1', { cases: 0, found: [none], unchecked: 'no answer' }, 0);
  assert.deepEqual([unchecked.state, unchecked.text], ['unchecked', 'no answer']);
  const some = createFindings();
  for (let index = 0; index < 9; index++) some.add({ problem: 'lost', offset: index });
  const violated = toCheckResult('P1', { cases: 30, found: [none, some], unchecked: 'no answer' }, 0);
  assert.deepEqual(
    { state: violated.state, violations: violated.violations, named: violated.first.length, text: violated.text },
    { state: 'violated', violations: 9, named: mostNamed, text: '9 of 30: lost' },
  );
});
