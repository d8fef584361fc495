import { finished } from 'node:stream/promises';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** The output of a process, in a file of limited size. The last lines are also in memory. */
export interface ProcessLog {
  file: string;
  write(chunk: string): void;
  /** The number of characters that the process has printed. */
  written(): number;
  /** The last lines, for messages about a failed process. */
  lastLines(count: number): string[];
  close(): Promise<void>;
}

const keptCharacters = 8_192;
/** Time after which a log file that could not be written is reopened, ms. */
const reopenMs = 5_000;

/**
 * Appends to `<folder>/<name>.log` and rotates it to `<name>.log.1` at 5 MB. Output is lost while the file cannot be
 * written.
 */
export function openProcessLog(folder: string, name: string, { reopenAfterMs = reopenMs } = {}): ProcessLog {
  let stream: RotatingFileStream | undefined = open();
  let failure: { error: Error; at: number } | undefined;
  let tail = '';
  let written = 0;

  function open(): RotatingFileStream {
    const opened = createStream(`${name}.log`, { path: folder, size: '5M', rotate: 1 });
    opened.on('error', (error) => {
      failure = { error, at: Date.now() };
      if (stream === opened) stream = undefined;
      opened.destroy();
    });
    return opened;
  }

  return {
    file: `${folder}/${name}.log`,
    write(chunk) {
      written += chunk.length;
      tail = (tail + chunk).slice(-keptCharacters);
      if (!stream && failure && Date.now() - failure.at >= reopenAfterMs) {
        failure = undefined;
        stream = open();
      }
      stream?.write(chunk);
    },
    written: () => written,
    lastLines(count) {
      // Leave out the frames of stack traces.
      const lines = tail.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
      return [
        ...lines.slice(-count),
        ...(failure ? [`(the log file cannot be written: ${failure.error.message})`] : []),
      ];
    },
    async close() {
      const last = stream;
      last?.end();
      // The error handler above has recorded the error.
      if (last) await finished(last).catch(() => {});
    },
  };
}
