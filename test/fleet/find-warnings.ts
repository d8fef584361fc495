import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How Node, Java and its virtual machine begin a warning. A service's own line is JSON, Kafka's begins with a time. */
const warning = /^(\(node:\d+\) |\(Use `node --trace-|WARNING: |OpenJDK .* warning: |\[[\d.]+s\]\[warning\])/;

/** The lines in which Node or Java warns of something in the logs of a fleet, with the file in front. */
export const findWarnings = (data: string): string[] =>
  readdirSync(path.join(data, 'log'))
    .filter((file) => file.includes('.log'))
    .flatMap((file) =>
      readFileSync(path.join(data, 'log', file), 'utf8')
        .split('\n')
        .filter((line) => warning.test(line))
        .map((line) => `${file}: ${line}`),
    );
