import { Boundary } from './boundary.tsx';
import { Commands } from './commands.tsx';
import { ControlNotice } from './control.tsx';
import { CustomerCard } from './customer.tsx';
import { Flow } from './flow.tsx';
import { Loads } from './loads.tsx';
import { Scenarios } from './scenarios.tsx';

/** Where a visitor takes part: breaks a service, becomes a customer, turns the load up. */
export function Play() {
  return (
    <>
      <Boundary name="Control">
        <ControlNotice />
      </Boundary>
      <Boundary name="How it flows">
        <Flow />
      </Boundary>
      <div class="columns">
        <div class="side">
          <Boundary name="Scenarios">
            <Scenarios />
          </Boundary>
          <Boundary name="Load">
            <Loads />
          </Boundary>
        </div>
        <div class="side">
          <Boundary name="Be a customer">
            <CustomerCard />
          </Boundary>
          <Boundary name="Commands">
            <Commands />
          </Boundary>
        </div>
      </div>
    </>
  );
}
