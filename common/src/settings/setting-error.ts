import { ShopError } from '../errors.ts';

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

/** A setting that cannot be used. Its message is one line that names file, key, what was found and what was expected. */
export class SettingError extends ShopError {
  readonly problem: SettingProblem;

  constructor(problem: SettingProblem, options: { cause?: unknown } = {}) {
    super('setting', describeProblem(problem), { ...options, isSetting: true });
    this.name = 'SettingError';
    this.problem = problem;
  }
}

function describeProblem({ file, key, found, expected }: SettingProblem): string {
  const shown =
    found === undefined ? 'nothing' : found === hidden ? 'a value that is not shown' : JSON.stringify(found);
  return `${file}: ${key}: found ${shown}, expected ${expected}`;
}
