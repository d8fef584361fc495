import { computed, signal } from '@preact/signals';

/** The addresses of customers and orders. Their stories open above the tab that was shown before. */
const storyPath = /^\/(customers|orders)\/([^/]+)$/;

/** A customer (id or name) or an order (id), whose story is open. */
export interface StoryAddress {
  kind: 'customers' | 'orders';
  search: string;
}

/** The path of the page's address. */
const path = signal(location.pathname);

export const storyAddress = computed((): StoryAddress | null => {
  const [, kind, text = ''] = storyPath.exec(path.value) ?? [];
  return kind === 'customers' || kind === 'orders' ? { kind, search: decode(text) } : null;
});

/** The path of the tab. */
export const tabPath = signal(storyAddress.value === null ? path.value : '/');

/** Shows another path of the page. */
export function go(to: string): void {
  const before = tabPath.value;
  history.pushState(null, '', to);
  followAddress();
  if (tabPath.value !== before) scrollTo(0, 0);
}

function followAddress(): void {
  path.value = location.pathname;
  if (storyAddress.value === null) tabPath.value = path.value;
}

/** Lets links to the page's own paths change the path instead of loading the page again. */
export function followLinks(): void {
  addEventListener('popstate', followAddress);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || !isPlainClick(event) || link.origin !== location.origin || link.hash !== '') return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** Any other click opens a new tab or window of the browser. */
const isPlainClick = ({ button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented }: MouseEvent) =>
  button === 0 && !ctrlKey && !metaKey && !shiftKey && !altKey && !defaultPrevented;

/** An address that a person typed may have a percent sign that stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
