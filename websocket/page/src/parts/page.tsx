import { connection } from '../live/state.ts';
import { Audit } from './audit.tsx';
import { Charts } from './charts.tsx';
import { Countries } from './countries.tsx';
import { Events } from './events.tsx';
import { Figures } from './figures.tsx';
import { Flow } from './flow.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { Moves } from './moves.tsx';
import { Services } from './services.tsx';
import { Stock } from './stock.tsx';
import { Story } from './story.tsx';

export function Page() {
  return (
    <div class={`page ${connection.value}`}>
      <Header />
      <main>
        <Flow />
        <Figures />
        <Charts />
        <div class="columns">
          <Events />
          <div class="side">
            <Moves />
            <Audit />
          </div>
        </div>
        <div class="thirds">
          <Stock />
          <Countries />
          <Services />
        </div>
      </main>
      <Footer />
      <Story />
    </div>
  );
}
