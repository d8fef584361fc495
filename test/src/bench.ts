import { runCommand } from './run-command.ts';
import { readServers, withServers } from './test-servers.ts';

// npm run bench:…: node local/launch.mjs test/src/bench.ts SERVERS FILE [WORDS]. Starts the servers that the environment does
// not name (TEST_KAFKA, TEST_POSTGRES), and runs the benchmark beside them.
const [servers = '', file = '', ...words] = process.argv.slice(2);
const needed = words.includes('--help') || words.includes('-h') ? [] : readServers(servers);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
process.exit(
  await withServers(needed, (env) =>
    runCommand(process.execPath, [...process.execArgv, '--import', 'tsx', file, ...words], env),
  ),
);
