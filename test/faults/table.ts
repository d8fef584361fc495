import type { Outcome } from './run-faults.ts';

/** Formats the summary as a Markdown table. */
export function toMarkdown(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, what, expect, found, passed, recoverySeconds, cases, named }) =>
    [
      name,
      what.replaceAll('|', '/'),
      recoverySeconds?.toFixed(1) ?? '–',
      cases,
      expect,
      passed ? found : `**${found}**`,
      named.join('; '),
    ].join(' | '),
  );
  return [
    'fault | injected | recovery, s | cases checked | expected | found | the audit named while it lasted',
    '--- | --- | --- | --- | --- | --- | ---',
    ...rows,
  ]
    .map((row) => `| ${row} |`)
    .join('\n');
}
