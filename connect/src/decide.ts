import type { ConnectorPart, ConnectorStatus } from './connect-client.ts';

/** What the registrar does about one connector. */
export type Action =
  | { do: 'create' }
  /** `parameters`: the names of those that differ. */
  | { do: 'update'; parameters: string[] }
  /** `reason`: what failed, and why. */
  | { do: 'restart'; reason: string }
  /** A user stopped or paused it. */
  | { do: 'leave'; reason: string }
  /** `part` is starting. */
  | { do: 'wait'; reason: string; part: ConnectorPart }
  | { do: 'nothing' };

/**
 * @param wanted the configuration from the file
 * @param running the configuration that Connect has; `undefined` when it has none of that name
 */
export function decide(
  wanted: Record<string, string>,
  running: Record<string, string> | undefined,
  status: ConnectorStatus | undefined,
): Action {
  if (running === undefined) return { do: 'create' };
  const parameters = findDifferences(wanted, running);
  if (parameters.length > 0) return { do: 'update', parameters };
  if (status === undefined)
    return { do: 'wait', reason: 'no worker has said anything about it yet', part: 'connector' };
  const parts = [
    { name: 'connector', part: 'connector' as const, ...status.connector },
    ...status.tasks.map(({ id, ...task }) => ({ name: `task ${id}`, part: id, ...task })),
  ];
  const stopped = parts.find(({ state }) => state === 'PAUSED' || state === 'STOPPED');
  if (stopped)
    return {
      do: 'leave',
      reason: `${stopped.name} is ${stopped.state} by a user's request; resume it by PUT …/resume`,
    };
  const failed = parts.filter(({ state }) => state === 'FAILED');
  if (failed.length > 0)
    return { do: 'restart', reason: failed.map(({ name, trace }) => `${name}: ${describeTrace(trace)}`).join('; ') };
  const late = parts.find(({ state }) => state !== 'RUNNING');
  if (late) return { do: 'wait', reason: `${late.name} is ${late.state}`, part: late.part };
  if (status.tasks.length === 0) return { do: 'wait', reason: 'it has no task yet', part: 'connector' };
  return { do: 'nothing' };
}

/** The names of the parameters that are not the same in both. */
function findDifferences(wanted: Record<string, string>, running: Record<string, string>): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(running)]);
  return [...names].filter((name) => wanted[name] !== running[name]).sort();
}

/** The innermost cause in a Java stack trace, or else its first line, without the packages of the exceptions. */
export function describeTrace(trace: string | undefined): string {
  const lines = (trace ?? '').split('\n').map((line) => line.trim());
  const cause = lines.findLast((line) => line.startsWith('Caused by: '))?.slice('Caused by: '.length);
  return (cause ?? lines[0] ?? '').replace(/^(\w+\.)+(?=\w+:)/, '').slice(0, 400) || 'FAILED';
}
