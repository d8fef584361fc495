import { Audit } from './audit.tsx';
import { Boundary } from './boundary.tsx';
import { Charts } from './charts.tsx';
import { Countries } from './countries.tsx';
import { Events } from './events.tsx';
import { Figures } from './figures.tsx';
import { Flow } from './flow.tsx';
import { Moves } from './moves.tsx';
import { Services } from './services.tsx';
import { Stock } from './stock.tsx';

/** The shop at a glance, and below it every detail. */
export function Watch() {
  return (
    <>
      <p class="intro">
        Independent services run a shop together, through <b>Kafka</b>. An order carries no address. Just before a
        parcel leaves, shipping looks up its address in <b>ksqlDB</b>, which gets it from Postgres by{' '}
        <b>change data capture</b>. So a customer who moves gets the next parcel at the new home, and shipping never
        asked the database. Everything below is happening now.
      </p>
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
    </>
  );
}
