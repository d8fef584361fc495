import { Command } from 'commander';
import { killUnderLoad } from './kills-under-load.ts';

const command = new Command('npm run bench:ksqldb-kills --')
  .description('Kills the embedded ksqlDB under load again and again, on its own broker or TEST_KAFKA.')
  .argument('[kills]', 'how often', '50')
  .addHelpText('after', '\nExample:\n  npm run bench:ksqldb-kills -- 5')
  .parse();
const kills = Number(command.processedArgs[0]);
const began = Date.now();
await killUnderLoad(kills, console.log);
console.log(`${kills} kills survived in ${Math.round((Date.now() - began) / 1000)} s`);
