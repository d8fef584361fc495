import { type Command, Option } from 'commander';
import { type DeadLetter, findDeadLetter, listDeadLetters, replayDeadLetter } from '../dead-letters.ts';
import { formatCell, formatFields, formatTable } from '../format-table.ts';
import { whole } from './parse-arguments.ts';
import { optionsOf, print, run } from './run-command.ts';

const shownByDefault = 20;
const placeHelp = 'partition and offset in dead_letters, such as 2/17';

/** Commands that show messages which were set aside, and send them again. */
export function addDeadLetterCommands(program: Command): void {
  const letters = program.command('dead-letters').description('messages that were set aside');

  letters
    .command('list')
    .addOption(new Option('--last <n>', 'how many').argParser(whole).default(shownByDefault))
    .description('the newest ones')
    .action(({ last }: { last: number }, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const found = await listDeadLetters(last, context);
        print(options, found, describeList(found));
        return 0;
      });
    });

  letters
    .command('show')
    .argument('<place>', placeHelp)
    .description('one of them, with its whole message')
    .action((place: string, _, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const found = await findDeadLetter(place, context);
        print(options, found, describeOne(found));
        return 0;
      });
    });

  letters
    .command('replay')
    .argument('<place>', placeHelp)
    .option('--value <json>', 'the corrected message, in place of the former one')
    .description('sends the message again, to the partition in which it was found; the dead letter stays')
    .action((place: string, { value }: { value?: string }, command: Command) => {
      const options = optionsOf(command);
      return run(options, async (context) => {
        const sent = await replayDeadLetter(await findDeadLetter(place, context), value, context);
        print(options, sent, `sent to ${sent.topic} ${sent.partition}/${sent.offset}`);
        return 0;
      });
    });
}

function describeList(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'There are no dead letters.';
  return formatTable(
    ['place', 'set aside', 'by', 'found in', 'reason', 'key'],
    letters.map(({ place, at, service, from, code, message, key }) =>
      [place, at, service, describePosition(from), message === '' ? code : `${code}: ${message}`, key ?? ''].map(
        formatCell,
      ),
    ),
  );
}

function describeOne({ from, headers, value, ...fields }: DeadLetter): string {
  const rest = Object.keys(headers).length === 0 ? {} : { headers };
  return formatFields({ ...fields, 'found in': describePosition(from), ...rest, value: value ?? 'none (a tombstone)' });
}

const describePosition = ({ topic, partition, offset }: DeadLetter['from']) => `${topic} ${partition}/${offset}`;
