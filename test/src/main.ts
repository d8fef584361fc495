import { Command } from 'commander';
import { runTests, stageNames } from './run-tests.ts';

const command = new Command('npm test --')
  .description('Checks the project stage by stage. Ends with code 1 if a stage failed.')
  .argument(
    '[what...]',
    `stages (${stageNames().join(', ')}) or test files; by default every stage but compose, which needs Docker`,
  )
  .addHelpText(
    'after',
    `
Examples:
  npm test                                        everything
  npm test -- lint types unit                     three stages
  npm test -- updater/test/settings.test.ts       one test file, with the servers that it needs`,
  )
  .parse();
await runTests(command.args);
