import { gradeMeanings } from './grade.ts';
import type { InjectedFault, JudgeReport } from './report.ts';

/** The report for a terminal. */
export function toText(report: JudgeReport): string {
  const { command, seed, instances, rate, seconds, grade, passed, promises, faults, ends, logFiles } = report;
  return [
    '',
    `Grade ${grade}: ${gradeMeanings[grade]}. ${passed ? 'Passed.' : 'Failed.'}`,
    `${command} (${instances} instance${instances === 1 ? '' : 's'}, ${rate} orders/s, seed ${seed}, ${Math.round(seconds)} s)`,
    '',
    ...promises.flatMap(({ check, promise, state, cases, violations, examples, text }) => [
      `${mark[state]} ${check} ${promise}: ${state === 'unchecked' ? `not checked, ${text}` : `${violations} violations, ${cases} cases`}`,
      ...examples.map(({ sentence }) => `      ${sentence}`),
    ]),
    '',
    ...describeFigures(report),
    '',
    ...faults.map(describeFault),
    ...ends.map(({ instance, how }) => `${instance} ended by itself: ${how}`),
    ...logFiles.map((file) => `log: ${file}`),
  ].join('\n');
}

const mark = { ok: '  ok ', violated: '  NO ', unchecked: '  ?  ' } as const;

/** Lines about the speed of the service. */
export function describeFigures({ figures }: JudgeReport): string[] {
  const { orders, perSecond, p50Ms, p99Ms, calm, calmInTime } = figures;
  if (orders === 0) return ['No order has an outcome.'];
  return [
    `${orders} orders with an outcome, ${perSecond.toFixed(1)} a second; half of them within ${Math.round(p50Ms)} ms, 99 % within ${Math.round(p99Ms)} ms.`,
    `${calmInTime} of ${calm} orders that were placed outside of faults had their outcome within 5 s.`,
  ];
}

/** One line about a fault. */
export function describeFault({ name, what, from, recoveredAt, error }: InjectedFault): string {
  const recovery = recoveredAt === undefined ? 'did not recover' : `shipped again after ${seconds(recoveredAt - from)}`;
  return `${name}: ${what}; ${recovery}${error === undefined ? '' : ` (${error})`}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
