import { ShopError } from '../shop-error.ts';
import { settingExitCode } from './setting-error.ts';
import { watchConfig } from './wait-for-change.ts';

/**
 * Prints variables as `export` lines, for a start script in bash to `eval`. A setting that cannot be used is one line on
 * standard error; then the process ends with 78, or, with ON_SETTING_ERROR=wait, reads again after the next change of the
 * config files.
 */
export async function exportForShell(
  read: (env: NodeJS.ProcessEnv) => Record<string, string> | Promise<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  let said = '';
  for (;;) {
    const waitForChange = watchConfig(env);
    try {
      const variables = await read(env);
      process.stdout.write(Object.entries(variables).map(formatExport).join(''));
      return;
    } catch (error) {
      if (!(error instanceof ShopError) || !error.isSetting) throw error;
      const waits = env['ON_SETTING_ERROR'] === 'wait';
      const words = waits ? `${error.message}; waiting for a change of the config files` : error.message;
      if (words !== said) process.stderr.write(`${words}\n`);
      said = words;
      if (!waits) {
        process.exitCode = settingExitCode;
        return;
      }
      await waitForChange();
    }
  }
}

const formatExport = ([name, value]: [string, string]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`;
