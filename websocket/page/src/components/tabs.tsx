import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { tabPath } from '../state/route.ts';
import { Learn } from './learn.tsx';
import { Play } from './play.tsx';
import { Query } from './query.tsx';
import { Watch } from './watch.tsx';

interface Tab {
  /** Where the tab is found. */
  path: string;
  name: string;
  Content: ComponentType;
}

const watch: Tab = { path: '/', name: 'Watch', Content: Watch };

/** The tabs of the page, in their order. A path of no tab shows the first one. */
const tabs: readonly Tab[] = [
  watch,
  { path: '/play', name: 'Play', Content: Play },
  { path: '/learn', name: 'Learn', Content: Learn },
  { path: '/query', name: 'Query', Content: Query },
];

const chosenTab = (): Tab => tabs.find(({ path }) => path === tabPath.value) ?? watch;

/** Links to the tabs. */
export function TabLinks() {
  const chosen = chosenTab();
  return (
    <nav class="tabs" aria-label="Parts of this page">
      {tabs.map((tab) => (
        <a key={tab.path} href={tab.path} aria-current={tab === chosen ? 'page' : undefined}>
          {tab.name}
        </a>
      ))}
    </nav>
  );
}

/** What the chosen tab shows. */
export function TabContent() {
  const { name, Content } = chosenTab();
  useEffect(() => {
    document.title = `${name} – The shop, live`;
  }, [name]);
  return (
    <main>
      <Content />
    </main>
  );
}
