import { ShopError } from '../shop-error.ts';

/** Exit code of a start that a setting stopped: starting again changes nothing (EX_CONFIG of sysexits). */
export const settingExitCode = 78;

export interface SettingProblem {
  /** The file to fix, relative to the project: `config/kafka.config`, `docker-compose.yml`. */
  file: string;
  key: string;
  /** What was found; `undefined` for nothing. Never pass a secret: use `hidden`. */
  found?: string | undefined;
  expected: string;
}

/** Stands for a value that must not be shown. */
export const hidden = '(hidden)';

/** Whether the value of this key may be a secret: a password, a token, or a key in the sense of cryptography. */
export const isSecretKey = (key: string) => /password|secret|token|jaas|[._]key$/i.test(key);

/**
 * Settings that cannot be used. The message is one line: for each of them file and key, what was found and what was expected.
 */
export class SettingError extends ShopError {
  readonly problems: readonly SettingProblem[];

  constructor(problems: SettingProblem | readonly SettingProblem[], options: { cause?: unknown } = {}) {
    const all = [problems].flat();
    super('setting', describeProblems(all), { ...options, isSetting: true });
    this.name = 'SettingError';
    this.problems = all;
  }
}

/** Names a file once for all problems in it. */
const describeProblems = (problems: readonly SettingProblem[]) =>
  problems
    .map((problem, index) => {
      const file = problem.file === problems[index - 1]?.file ? '' : `${problem.file}: `;
      return `${file}${problem.key}: found ${describeFound(problem.found)}, expected ${problem.expected}`;
    })
    .join('; also ');

function describeFound(found: string | undefined): string {
  if (found === undefined) return 'nothing';
  return found === hidden ? 'a value that is not shown' : JSON.stringify(found);
}
