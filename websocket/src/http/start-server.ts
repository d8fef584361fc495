import { fileURLToPath } from 'node:url';
import { type CommandSender, readKsqldbSettings, type ServiceContext } from '@shop/common';
import { createStreamPaths } from '../api/accept-stream.ts';
import { createCommandDoor } from '../commands/accept-command.ts';
import { decideControl } from '../commands/control.ts';
import type { Distributor } from '../create-distributor.ts';
import type { WebsocketSettings } from '../settings.ts';
import { findStory } from '../shop/find-story.ts';
import { createQueryDoor } from './accept-query.ts';
import { createAnswer } from './answer.ts';
import { type Listening, listen } from './listen.ts';
import { refuseReader } from './page-origin.ts';
import { createPageHandler } from './serve-page.ts';
import { createUpgrades } from './upgrades.ts';

const pageFolder = fileURLToPath(new URL('../../page/dist', import.meta.url));

/**
 * Serves the page, its stories, its dashboard, the stream, commands and queries on one port.
 *
 * @param commandSender nothing until Kafka was available for the first time
 * @throws ShopError `port_taken`, SettingError
 */
export function startServer(
  settings: WebsocketSettings,
  { hub, store, dashboard }: Distributor,
  customersTopic: string,
  commandSender: () => CommandSender | undefined,
  { env, report, logger }: Pick<ServiceContext, 'env' | 'report' | 'logger'>,
): Promise<Listening> {
  const countMissed = report.counter('left_out', 'Messages skipped for slow clients');
  const paths = { ...createStreamPaths({ hub, settings, countMissed }), '/page': dashboard.accept };
  const upgrades = createUpgrades(settings, logger, paths);
  report.gauge('clients', 'Open connections', () => upgrades.size);
  const control = decideControl(settings);
  logger.info({ mode: control.mode }, 'commands by the page');
  const guards = { control, allowedOrigins: settings.ALLOWED_ORIGINS };
  const answer = createAnswer({
    doors: {
      '/commands': createCommandDoor({ ...guards, sender: commandSender }),
      '/query': createQueryDoor({ ...guards, ksqldb: readKsqldbSettings(env) }),
    },
    page: createPageHandler(pageFolder),
    socketPaths: Object.keys(paths).filter((path) => path !== '/'),
    refusal: upgrades.refusal,
    onError: (err, { url }) => logger.error({ err, url }, 'request failed'),
    readerRefusal: (request) => refuseReader(request, settings.ALLOWED_ORIGINS),
    findStory: (search) => findStory(store, search, customersTopic),
  });
  return listen(settings.HOST, settings.PORT, answer, upgrades);
}
