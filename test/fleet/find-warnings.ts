import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How warnings of Node, Java and its virtual machine start. Services log JSON, and Kafka's lines start with a time. */
const warning = /^(\(node:\d+\) |\(Use `node --trace-|WARNING: |OpenJDK .* warning: |\[[\d.]+s\]\[warning\])/;

/** Returns the warnings of Node and Java in a fleet's logs, prefixed with the file. */
export const findWarnings = (data: string): string[] =>
  readdirSync(path.join(data, 'log'))
    .filter((file) => file.includes('.log'))
    .flatMap((file) =>
      readFileSync(path.join(data, 'log', file), 'utf8')
        .split('\n')
        .filter((line) => warning.test(line))
        .map((line) => `${file}: ${line}`),
    );
