import { gradeMeanings } from './grade.ts';
import type { JudgedPromise, JudgeReport } from './report.ts';
import { describeFault, describeFigures } from './to-text.ts';

const style = `
  :root { color-scheme: light dark; --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#b3261e, #ff7b72);
    --line: light-dark(#d0d7de, #3d444d); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { display: flex; gap: 1rem; align-items: center; }
  h1 b { font-size: 4rem; line-height: 1; }
  .ok { color: var(--good); } .violated, .unchecked { color: var(--bad); }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
  td.number { text-align: right; font-variant-numeric: tabular-nums; }
  code { overflow-wrap: anywhere; }
`;

/** The report as one page without assets. */
export function toHtml(report: JudgeReport): string {
  const { command, seed, instances, rate, startedAt, seconds, grade, passed, promises, faults, ends, logFiles } =
    report;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Grade ${grade}: ${escapeHtml(command)}</title>
<style>${style}</style>
<h1><b class="${passed ? 'ok' : 'violated'}">${grade}</b> ${passed ? 'Passed' : 'Failed'}: ${gradeMeanings[grade]}</h1>
<p><code>${escapeHtml(command)}</code></p>
<p>${escapeHtml(startedAt)}, ${Math.round(seconds)} s, seed ${seed}, ${rate} orders a second, ${instances} instance${instances === 1 ? '' : 's'}</p>
<h2>Promises</h2>
<table>
<tr><th>promise<th>cases<th>violations<th>state</tr>
${promises.map(toRow).join('\n')}
</table>
<h2>Speed</h2>
${list(describeFigures(report))}
<h2>Faults</h2>
${list(faults.map(describeFault))}
${ends.length === 0 ? '' : `<h2>Ends of the service by itself</h2>\n${list(ends.map(({ instance, how }) => `${instance}: ${how}`))}`}
<h2>Logs</h2>
${list(logFiles)}
</html>
`;
}

const toRow = ({ check, promise, state, cases, violations, examples, text }: JudgedPromise): string =>
  `<tr><td>${check} ${escapeHtml(promise)}${list(examples.map(({ sentence }) => sentence))}${state === 'unchecked' ? list([text]) : ''}` +
  `<td class="number">${cases}<td class="number">${violations}<td class="${state}">${state}</tr>`;

const list = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<ul>\n${lines.map((line) => `<li>${escapeHtml(line)}`).join('\n')}\n</ul>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
