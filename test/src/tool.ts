import { Command } from 'commander';
import { tools } from './tools.ts';

// npm run lint, format or types: node local/launch.mjs test/src/tool.ts NAME [PATHS]
const name = process.argv[2];
if (name !== 'lint' && name !== 'format' && name !== 'types')
  throw new Error(`no tool ${name}; expected lint, format or types`);
const { description, example, run } = tools[name];
const command = new Command(`npm run ${name} --`)
  .description(description)
  .addHelpText('after', `\nExample:\n  ${example}`);
if (name !== 'types') command.argument('[paths...]', 'files and folders; by default everything');
command.parse(process.argv.slice(3), { from: 'user' });
process.exit(await run(command.args));
