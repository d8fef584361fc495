/** Where progress and the line of live figures go. */
export interface Terminal {
  /** Writes one line, with the time since the start in front. */
  say(text: string): void;
  /** Shows a line that is written over by the next one; where output is kept, it is written now and then. */
  show(text: string): void;
  /** Leaves the live line as it is; what is said from now on stands below it. */
  endLive(): void;
}

/** How often the live line is written where it cannot be written over. */
const keptEveryMs = 10_000;

/**
 * @param began when `npm start` began, in ms since 1970
 * @param output stderr with --json, so that stdout holds nothing but the result
 */
export function openTerminal(began: number, output: NodeJS.WriteStream): Terminal {
  let live = '';
  let lastKept = Date.now();
  const seconds = () => `${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  `;
  const fit = (text: string) => (output.columns ? text.slice(0, output.columns - 1) : text);
  return {
    say(text) {
      const line = `${seconds()}${text.replaceAll('\n', `\n${' '.repeat(10)}`)}\n`;
      output.write(live ? `\r\x1b[K${line}${fit(live)}` : line);
    },
    endLive() {
      if (live) output.write('\n');
      live = '';
    },
    show(text) {
      const line = `${seconds()}${text}`;
      if (output.isTTY) {
        live = line;
        output.write(`\r\x1b[K${fit(line)}`);
      } else if (Date.now() - lastKept >= keptEveryMs) {
        lastKept = Date.now();
        output.write(`${line}\n`);
      }
    },
  };
}
