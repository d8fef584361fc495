import { signal } from '@preact/signals';

const tokenKey = 'shop-control-token';

/** What the visitor must know where commands and queries need a token. It ends with the tab of the browser. */
export const token = signal(sessionStorage.getItem(tokenKey));
export const isTokenWrong = signal(false);

export function keepToken(text: string): void {
  sessionStorage.setItem(tokenKey, text);
  token.value = text;
  isTokenWrong.value = false;
}

/** Called when the server refused it. */
export function forgetToken(): void {
  sessionStorage.removeItem(tokenKey);
  token.value = null;
  isTokenWrong.value = true;
}
