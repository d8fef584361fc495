import { fileURLToPath } from 'node:url';
import type { CommandSender, ServiceContext } from '@shop/common';
import { createStreamPaths } from '../api/accept-stream.ts';
import { createCommandDoor } from '../commands/accept-command.ts';
import { decideControl } from '../commands/control.ts';
import type { Distributor } from '../create-distributor.ts';
import type { WebsocketSettings } from '../settings.ts';
import { findStory } from '../shop/find-story.ts';
import { createAnswer } from './answer.ts';
import { type Listening, listen } from './listen.ts';
import { refuseReader } from './page-origin.ts';
import { createPageHandler } from './serve-page.ts';
import { createUpgrades } from './upgrades.ts';

const pageFolder = fileURLToPath(new URL('../../page/dist', import.meta.url));

/**
 * Serves the page, its stories, its dashboard, the stream and commands on one port.
 *
 * @param commandSender nothing until Kafka was available for the first time
 * @throws ShopError `port_taken`
 */
export function startServer(
  settings: WebsocketSettings,
  { hub, store, dashboard }: Distributor,
  customersTopic: string,
  commandSender: () => CommandSender | undefined,
  { report, logger }: Pick<ServiceContext, 'report' | 'logger'>,
): Promise<Listening> {
  const countMissed = report.counter('left_out', 'Messages skipped for slow clients');
  const paths = { ...createStreamPaths({ hub, settings, countMissed }), '/page': dashboard.accept };
  const upgrades = createUpgrades(settings, logger, paths);
  report.gauge('clients', 'Open connections', () => upgrades.size);
  const control = decideControl(settings);
  logger.info({ mode: control.mode }, 'commands by the page');
  const answer = createAnswer({
    acceptCommand: createCommandDoor({ control, allowedOrigins: settings.ALLOWED_ORIGINS, sender: commandSender }),
    page: createPageHandler(pageFolder),
    socketPaths: Object.keys(paths).filter((path) => path !== '/'),
    refusal: upgrades.refusal,
    onError: (err, { url }) => logger.error({ err, url }, 'request failed'),
    readerRefusal: (request) => refuseReader(request, settings.ALLOWED_ORIGINS),
    findStory: (search) => findStory(store, search, customersTopic),
  });
  return listen(settings.HOST, settings.PORT, answer, upgrades);
}
