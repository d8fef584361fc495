import type { CommandResult, ServiceStatus } from '@shop/common';

/**
 * When the process that answered a command had ended, as far as a status shows: it stopped, or a later process has its name.
 *
 * @returns ms since 1970; `undefined` while the process may still run
 */
export function endOfProcess(
  { target, instance, at }: Pick<CommandResult, 'target' | 'instance' | 'at'>,
  status: ServiceStatus,
): number | undefined {
  if (status.service !== target || status.instance !== instance) return undefined;
  const end = Date.parse(status.state === 'stopped' ? status.at : (status.started_at ?? at));
  return end > Date.parse(at) ? end : undefined;
}
