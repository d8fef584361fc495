import { runService } from '@shop/common';
import { readCommandLine } from './command-line.ts';
import { readOptions } from './read-options.ts';
import { startKsqldb } from './start-ksqldb.ts';

const flags = readCommandLine(process.argv.slice(2));
await runService('ksqldb', async (context) => {
  await startKsqldb(readOptions(flags, context.env), context);
});
