import { forgetToken, token } from './token.ts';

/** The server's answer, or the reason for the screen why there is none. */
type Posted<Answer> = { answer: Answer; failure: null } | { answer: null; failure: string };

/**
 * Posts to the server, with the token if the visitor gave one.
 *
 * @param noAnswer the reason when the server does not answer
 */
export async function postJson<Answer>(
  path: string,
  body: object,
  noAnswer: string,
  signal: AbortSignal | null = null,
): Promise<Posted<Answer>> {
  try {
    const authorization = token.value === null ? {} : { authorization: `Bearer ${token.value}` };
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify(body),
      signal,
    });
    if (response.status === 401) forgetToken();
    if (!response.ok) return { answer: null, failure: (await response.text()).trim() };
    return { answer: await response.json(), failure: null };
  } catch {
    return { answer: null, failure: noAnswer };
  }
}
