import closeWithGrace from 'close-with-grace';
import { createLogger, type Logger } from '../logger.ts';
import { settingExitCode } from '../settings/setting-error.ts';
import { type WaitForChange, watchConfig } from '../settings/wait-for-change.ts';
import { ShopError } from '../shop-error.ts';
import { type Close, type Closers, createClosers } from './closers.ts';
import { startHealthServer } from './health.ts';
import { createReport, type Report } from './report.ts';
import { readServiceSettings } from './service-settings.ts';

/** How long closing may take after a failure, in ms. */
const failedStartGraceMs = 5_000;

/** Share of the shutdown time for closers; the rest is for the last log lines. */
const closingShare = 0.9;

export interface ServiceContext {
  readonly name: string;
  /** Tells several instances of one service apart: INSTANCE, or the host's name. */
  readonly instance: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly report: Report;
  /** Aborted when the end begins. */
  readonly signal: AbortSignal;
  /** Registers what closes a resource; closers run in reverse, also when the start fails half-way. */
  onClose(close: Close): void;
  /** Ends the service with exit code 1, for its supervisor to start it again; 78 when a setting must be changed. */
  fail(error: unknown): void;
}

/**
 * Runs a service until SIGTERM or SIGINT: serves /health on HEALTH_PORT (if set), calls `start`, and at the end closes
 * everything within SHUTDOWN_GRACE_MS. A closer that hangs is abandoned with a warning. A second signal ends the process at once.
 */
export async function runService(name: string, start: (context: ServiceContext) => Promise<void>): Promise<void> {
  const env = process.env;
  const waitForChange = watchConfig(env);
  const closers = createClosers((hadMs) =>
    logger?.warn({ ms: Math.round(hadMs) }, 'something did not close in time and is left'),
  );
  const ending = new AbortController();
  const report = createReport();
  let logger: Logger | undefined;
  try {
    logger = createLogger(name, env);
    const settings = readServiceSettings(env);
    const context = createContext(name, { env, settings, waitForChange, logger, report, closers, ending });
    await listenForHealth(settings.HEALTH_PORT, context);
    await start(context);
    context.report.setState('ready');
    logger.info('ready');
  } catch (error) {
    if (ending.signal.aborted) return; // the shutdown has begun, and it closes everything
    await giveUp(error, { env, waitForChange, logger: logger ?? createLogger(name, {}), report, closers, ending });
  }
}

interface Parts {
  env: NodeJS.ProcessEnv;
  waitForChange: WaitForChange;
  logger: Logger;
  report: Report;
  closers: Closers;
  ending: AbortController;
}

function createContext(
  name: string,
  { settings, ...parts }: Parts & { settings: ReturnType<typeof readServiceSettings> },
): ServiceContext {
  const { env, logger, report, closers, ending } = parts;
  closeWithGrace({ delay: settings.SHUTDOWN_GRACE_MS, logger }, async ({ err, signal }) => {
    if (err instanceof ShopError) logger.fatal({ code: err.code }, `ending: ${err.message}`);
    else if (err) logger.fatal({ err }, 'ending because of an error');
    else logger.info({ signal }, 'stopping');
    report.setState(err ? 'failed' : 'stopping');
    ending.abort(err ?? new Error('the service is stopping'));
    await closers.closeAll(settings.SHUTDOWN_GRACE_MS * closingShare);
    logger.info('stopped');
    if (isSettingError(err)) process.exit(settingExitCode);
  });
  let failed = false;
  return {
    name,
    instance: settings.INSTANCE,
    env,
    logger,
    report,
    signal: ending.signal,
    onClose: (close) => closers.add(close),
    fail(error) {
      if (failed || ending.signal.aborted) return;
      failed = true;
      if (isSettingError(error)) return void giveUp(error, parts);
      report.noteError(error);
      // Handled like an uncaught error: everything is closed, exit code 1.
      process.nextTick(() => {
        throw error;
      });
    },
  };
}

/**
 * Ends a service that cannot go on: one line, everything closed, exit code 78 for a setting and 1 for anything else. With
 * ON_SETTING_ERROR=wait (in the images), a wrong setting ends it only after the next change of the config files, because
 * Docker would restart the container forever. Until then /health answers 503 with the error.
 */
async function giveUp(error: unknown, { env, waitForChange, logger, report, closers, ending }: Parts): Promise<void> {
  ending.abort(error);
  report.noteError(error);
  report.setState('failed');
  logFailure(logger, error);
  const late = setTimeout(() => process.exit(1), failedStartGraceMs).unref();
  await closers.closeAll().catch((failed) => logger.error({ err: failed }, 'closing failed'));
  clearTimeout(late);
  if (!isSettingError(error)) process.exit(1);
  if (env['ON_SETTING_ERROR'] === 'wait') {
    logger.info('waiting for a change of the config files');
    await waitForChange();
  }
  process.exit(settingExitCode);
}

const isSettingError = (error: unknown) => error instanceof ShopError && error.isSetting;

async function listenForHealth(port: number | undefined, context: ServiceContext): Promise<void> {
  if (port === undefined) return;
  // It answers until the process ends, also during shutdown and while the service waits for a setting.
  const health = await startHealthServer(port, context.report);
  context.logger.debug({ port: health.port }, 'health and metrics are served');
}

function logFailure(logger: Logger, error: unknown): void {
  if (error instanceof ShopError && error.isSetting) logger.fatal({ code: error.code }, error.message);
  // A ShopError says everything in one line. Any other error may need its stack.
  else if (error instanceof ShopError) logger.fatal({ code: error.code }, `the start failed: ${error.message}`);
  else logger.fatal({ err: error }, 'the start failed');
}
