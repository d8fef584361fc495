import { connection, trouble } from '../state/state.ts';
import { Boundary } from './boundary.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { Story } from './story.tsx';
import { TabContent } from './tabs.tsx';

export function Page() {
  return (
    <div class={`page ${connection.value}`}>
      <Boundary name="Header">
        <Header />
      </Boundary>
      {trouble.value && (
        <p class="notice" role="alert">
          {trouble.value}
        </p>
      )}
      <TabContent />
      <Boundary name="Footer">
        <Footer />
      </Boundary>
      <Boundary name="Story">
        <Story />
      </Boundary>
    </div>
  );
}
