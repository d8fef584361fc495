/** Shows progress and the line of live figures. */
export interface Terminal {
  /** Writes a line that begins with the time since the start. */
  say(text: string): void;
  /** Shows a line that the next one overwrites. Without a terminal, writes it every 10 s. */
  show(text: string): void;
  /** Ends the live line, so that later output appears below it. */
  endLive(): void;
}

/** Interval of the live line without a terminal, ms. */
const keptEveryMs = 10_000;

/**
 * @param began when `npm start` began, in ms since 1970
 * @param output stderr with --json, so that stdout contains only the result
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
