import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Command, CommanderError } from 'commander';
import { readCommandLine } from '../src/command-line.ts';
import { readOptions } from '../src/read-options.ts';

/** Reads arguments that end the program. @returns its exit code and output */
function endOf(...args: string[]): { code: number; output: string } {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  const program = new Command().exitOverride().configureOutput({ writeOut: write, writeErr: write });
  try {
    readCommandLine(args, program);
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, output };
    throw error;
  }
  assert.fail('the program did not end');
}

test('--help shows every flag with its default, and an example', () => {
  const { code, output } = endOf('--help');
  assert.equal(code, 0);
  assert.match(output, /^Usage: ksqldb-embedded \[options\]$/m);
  assert.match(output.replaceAll(/\s+/g, ' '), /--port <number> .*\(default: 8088\)/);
  assert.match(output, /^Example:$/m);
});

const wrongArguments: readonly (readonly [string[], RegExp])[] = [
  [['--port', '80880'], /'--port <number>' argument '80880' is invalid\. Expected a port from 0 to 65535\./],
  [['--kafka', 'localhost'], /'localhost' is invalid\. Expected host:port/],
  [['--user', 'name'], /'name' is invalid\. Expected name:password\./],
  [['--service-id', 'a b'], /'a b' is invalid\. Expected 1 to 60 letters/],
  [['--tls-key', 'key.pem'], /--tls-key needs --tls-cert/],
  [['--brokers', 'localhost:9092'], /unknown option '--brokers'/],
  [['localhost:9092'], /too many arguments/],
];
for (const [args, expected] of wrongArguments)
  test(`${args.join(' ')} ends with code 1 and an error with the expected value`, () => {
    const { code, output } = endOf(...args);
    assert.equal(code, 1);
    assert.match(output, expected);
    assert.match(output, /--help/);
  });

test('an error about an unusable file names the file and its flag', () => {
  const optionsOf = (...args: string[]) => readOptions(readCommandLine(args), {});
  assert.throws(() => optionsOf('--tls-cert', '/none/cert.pem', '--tls-key', '/none/key.pem'), {
    name: 'SettingError',
    message: 'command line: --tls-cert: found "/none/cert.pem", expected the path of a readable PEM file',
  });
  assert.throws(() => optionsOf('--kafka-config', '/none/other.config'), {
    name: 'SettingError',
    message: 'command line: --kafka-config: found "/none/other.config", expected the path of a file named kafka.config',
  });
});

test('the package has the same dependency versions as common, whose code it bundles', () => {
  const read = (file: string): Record<string, string> =>
    JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).dependencies;
  const [own, common] = [read('../package.json'), read('../../../common/package.json')];
  for (const [name, range] of Object.entries(own)) assert.equal(range, common[name] ?? range, name);
});
