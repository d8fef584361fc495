import { finished } from 'node:stream/promises';
import { createStream } from 'rotating-file-stream';

/** What a part prints: in a file of bounded size, its last lines also at hand. */
export interface PartLog {
  file: string;
  write(chunk: string): void;
  /** How many characters the part has printed. */
  written(): number;
  /** The last lines, for the message about a part that failed. */
  lastLines(count: number): string[];
  close(): Promise<void>;
}

const keptCharacters = 8_192;

/** Appends to `<folder>/<name>.log`; at 5 MB the file becomes `<name>.log.1` and a new one begins. */
export function openPartLog(folder: string, name: string): PartLog {
  const stream = createStream(`${name}.log`, { path: folder, size: '5M', rotate: 1 });
  let tail = '';
  let written = 0;
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  return {
    file: `${folder}/${name}.log`,
    write(chunk) {
      written += chunk.length;
      tail = (tail + chunk).slice(-keptCharacters);
      if (!failure) stream.write(chunk);
    },
    written: () => written,
    lastLines(count) {
      // Of a stack trace, only what it is about.
      const lines = tail.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
      return [...lines.slice(-count), ...(failure ? [`(the log file cannot be written: ${failure.message})`] : [])];
    },
    async close() {
      stream.end();
      if (!failure) await finished(stream);
    },
  };
}
