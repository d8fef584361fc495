import { finished } from 'node:stream/promises';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** Output of a process: in a file of bounded size, the last lines also in memory. */
export interface ProcessLog {
  file: string;
  write(chunk: string): void;
  /** How many characters the process has printed. */
  written(): number;
  /** The last lines, for the message about a process that failed. */
  lastLines(count: number): string[];
  close(): Promise<void>;
}

const keptCharacters = 8_192;
/** The file of a stream that failed is opened again after this time, ms: the disk may have room again. */
const reopenMs = 5_000;

/**
 * Appends to `<folder>/<name>.log`; at 5 MB the file becomes `<name>.log.1` and a new one begins. What the process prints while the
 * file cannot be written is not kept.
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
      // Of a stack trace, only what it is about.
      const lines = tail.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
      return [
        ...lines.slice(-count),
        ...(failure ? [`(the log file cannot be written: ${failure.error.message})`] : []),
      ];
    },
    async close() {
      const last = stream;
      last?.end();
      // Its error is noted above.
      if (last) await finished(last).catch(() => {});
    },
  };
}
