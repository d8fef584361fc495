/** Computes from Maven's output how much it has downloaded. */
export interface DownloadProgress {
  /** Reads a line of Maven's output. @returns the progress, if the line reports a finished file */
  read(line: string): string | undefined;
}

const mbPerUnit: Readonly<Record<string, number>> = { B: 1e-6, kB: 1e-3, MB: 1, GB: 1_000 };
const barLength = 24;

/**
 * @param what name to show: `Kafka 4.3.1`
 * @param expectedMb approximate size of a first download, which Maven does not know in advance
 */
export function createDownloadProgress(what: string, expectedMb: number): DownloadProgress {
  let loadedMb = 0;
  return {
    read(line) {
      const [, amount, unit = ''] = /Downloaded from \S+ \S+ \(([\d.]+) (B|kB|MB|GB)\b/.exec(line) ?? [];
      if (amount === undefined) return undefined;
      loadedMb += Number(amount) * (mbPerUnit[unit] ?? 0);
      const filled = Math.min(barLength, Math.round((barLength * loadedMb) / expectedMb));
      const bar = '█'.repeat(filled) + '░'.repeat(barLength - filled);
      return `fetching ${what} with Maven  ${bar}  ${loadedMb.toFixed(0)} of about ${expectedMb} MB`;
    },
  };
}
