import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import type { PartHost } from './part.ts';
import { PartError } from './wait-until-up.ts';

/**
 * Builds the page of a service that has one, unless it is up to date.
 *
 * @param folder the service's
 * @throws PartError when it cannot be built
 */
export async function buildPage(folder: string, host: PartHost): Promise<void> {
  const build = path.join(folder, 'page', 'build.mjs');
  if (!existsSync(build)) return;
  const { all, exitCode, failed } = await execa(process.execPath, [build], { all: true, reject: false });
  host.log.write(`${all}\n`);
  if (failed) throw new PartError(host, 'could not build its page', exitCode);
}
