/**
 * Returns the environment with a UTF-8 locale for a Java program. In the POSIX locale, which many containers have, Java
 * on Linux cannot open a file whose path is not ASCII.
 */
export function withUtf8(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string | undefined> {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'C';
  if (platform !== 'linux' || /utf-?8/i.test(locale)) return { ...env };
  return { ...env, LC_ALL: 'C.UTF-8' };
}
