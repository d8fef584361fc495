import { connection, trouble } from '../state/state.ts';
import { Audit } from './audit.tsx';
import { Boundary } from './boundary.tsx';
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
      <Boundary name="Header">
        <Header />
      </Boundary>
      {trouble.value && (
        <p class="notice" role="alert">
          {trouble.value}
        </p>
      )}
      <main>
        <Boundary name="How it flows">
          <Flow />
        </Boundary>
        <Boundary name="Figures">
          <Figures />
        </Boundary>
        <Charts />
        <div class="columns">
          <Boundary name="Latest events">
            <Events />
          </Boundary>
          <div class="side">
            <Boundary name="Customers who moved">
              <Moves />
            </Boundary>
            <Boundary name="Promises, audited">
              <Audit />
            </Boundary>
          </div>
        </div>
        <div class="thirds">
          <Boundary name="Stock, by ksqlDB">
            <Stock />
          </Boundary>
          <Boundary name="Where customers are">
            <Countries />
          </Boundary>
          <Boundary name="Services">
            <Services />
          </Boundary>
        </div>
      </main>
      <Boundary name="Footer">
        <Footer />
      </Boundary>
      <Boundary name="Story">
        <Story />
      </Boundary>
    </div>
  );
}
