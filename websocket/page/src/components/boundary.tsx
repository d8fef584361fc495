import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';

const retryMs = 30_000;

/** Limits an error to one part of the page: that part shows the error, the others continue. */
export function Boundary({ name, children }: { name: string; children: ComponentChildren }) {
  const [error, retry]: [unknown, () => void] = useErrorBoundary((cause) => console.error(`${name}:`, cause));
  useEffect(() => {
    if (error === undefined) return;
    const timer = setTimeout(retry, retryMs);
    return () => clearTimeout(timer);
  }, [error]);
  if (error === undefined) return <>{children}</>;
  return (
    <section class="card failed-part" role="alert">
      <h2>{name}</h2>
      <p>
        This part cannot be shown: {error instanceof Error ? error.message : String(error)}. It is tried again every{' '}
        {retryMs / 1_000} s.
      </p>
      <button type="button" class="button" onClick={retry}>
        Try again
      </button>
    </section>
  );
}
