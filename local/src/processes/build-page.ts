import { existsSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from '../os/start-process.ts';
import type { ProcessHost } from './process-host.ts';
import { nodeEnding } from './start-node.ts';
import { ProcessError } from './wait-until-up.ts';

/**
 * Builds the page of a service, if it has one that is not up to date.
 *
 * @param folder the service's folder
 * @throws ProcessError when the build was killed, Error when the page cannot be built
 */
export async function buildPage(folder: string, host: ProcessHost): Promise<void> {
  const build = path.join(folder, 'page', 'build.mjs');
  if (!existsSync(build)) return;
  const building = startProcess({
    command: process.execPath,
    args: [build],
    cwd: folder,
    env: process.env,
    ending: nodeEnding,
    host,
  });
  const { code } = await building.ended;
  if (code === 0) return;
  const error = new ProcessError(host, 'could not build its page', code);
  // Only a killed build is worth a retry: another one would fail again.
  throw code === undefined ? error : new Error(error.message);
}
