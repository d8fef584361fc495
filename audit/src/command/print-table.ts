import type { CheckResult } from '../findings/check-result.ts';
import type { Violation } from '../findings/findings.ts';

const grouped = new Intl.NumberFormat('en');
const heads = ['', 'promise', 'cases', 'violations', 'state'] as const;

/** Formats results as a table for a terminal. Below it follow the violations, and why a promise could not be checked. */
export function printTable(results: readonly CheckResult[]): string {
  const rows = results.map(({ check, promise, cases, violations, state }) => [
    check,
    promise,
    grouped.format(cases),
    grouped.format(violations),
    state,
  ]);
  const all = [[...heads], ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 2 || column === 3;
  const lines = all.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const ruler = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0], ruler, ...lines.slice(1), '', ...results.flatMap(describe)].join('\n').trimEnd();
}

function describe({ check, state, text, first, violations, figures, service_level }: CheckResult): string[] {
  const lines: string[] = [];
  if (check === 'P3' && figures['freshness_max_ms'] != null) lines.push(describeFreshness(figures));
  if (service_level && !service_level.met) lines.push(`${check} service level missed: ${service_level.text}`);
  if (state === 'unchecked') lines.push(`${check} could not be checked: ${text}`);
  for (const violation of first) lines.push(`${check} ${describeViolation(violation)}`);
  if (violations > first.length) lines.push(`${check} … and ${grouped.format(violations - first.length)} more`);
  return lines;
}

/** How long shipped addresses had been out of date. */
function describeFreshness(figures: CheckResult['figures']): string {
  const share = `${figures['freshness_late']} of ${figures['freshness_measured']} above ${figures['freshness_target_ms']} ms`;
  return `P3 freshness: p50 ${figures['freshness_p50_ms']} ms, p99 ${figures['freshness_p99_ms']} ms, max ${figures['freshness_max_ms']} ms, ${share}`;
}

/** `lost: order_id 0198…, customer_orders 3 @ 1207 (after it had waited)` */
export function describeViolation(violation: Violation): string {
  const { problem, detail, topic, partition, offset, ...names } = violation;
  const named = Object.entries(names).map(([name, value]) => `${name} ${value}`);
  if (topic !== undefined)
    named.push(
      [topic, partition, ...(offset === undefined ? [] : ['@', offset])].filter((word) => word !== undefined).join(' '),
    );
  return `${problem}${named.length > 0 ? `: ${named.join(', ')}` : ''}${detail === undefined ? '' : ` (${detail})`}`;
}
