// Writes the AsyncAPI document of the shop: npm run contract
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { contractFile } from './contract-file.ts';
import { describeContract } from './describe-contract.ts';
import { toYaml } from './write-yaml.ts';

new Command('npm run contract')
  .description('Writes docs/contract/asyncapi.yaml: the topics of the shop and the stream of its page, as AsyncAPI 3.')
  .addHelpText('after', '\nExample:\n  npm run contract')
  .parse();
writeFileSync(contractFile, toYaml(describeContract()));
console.log(`wrote ${contractFile}`);
