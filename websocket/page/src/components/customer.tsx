import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { control } from '../state/commands.ts';
import { loadPlayer, player, register, registering } from '../state/player.ts';
import { picture } from '../state/state.ts';
import { PlayedCustomer } from './played-customer.tsx';

/** Interval at which the customer's history is reloaded, in ms. */
const refreshMs = 1_000;

/** Lets the visitor register as a customer, order and move. */
export function CustomerCard() {
  const id = player.value;
  useEffect(() => {
    if (id === null) return;
    void loadPlayer();
    const timer = setInterval(() => void loadPlayer(), refreshMs);
    return () => clearInterval(timer);
  }, [id]);
  return (
    <section class="card customer" aria-labelledby="customer-title">
      <header class="card-head">
        <h2 id="customer-title">Be a customer</h2>
      </header>
      {id === null ? <RegisterForm /> : <PlayedCustomer id={id} />}
    </section>
  );
}

function RegisterForm() {
  const name = useSignal('');
  const country = useSignal('');
  const isWaiting = registering.value !== null;
  const countries = (picture.value?.customers.countries ?? []).map((each) => each.country).sort();
  return (
    <form
      class="register"
      onSubmit={(event) => {
        event.preventDefault();
        void register(name.value, country.value);
      }}
    >
      <p>
        Register, order something, and move while the parcel is on its way. The next parcel follows you, and shipping
        never asks Postgres.
      </p>
      <label>
        First name
        <input
          type="text"
          maxLength={60}
          placeholder="made up when empty"
          onInput={({ currentTarget: { value } }) => {
            name.value = value;
          }}
        />
      </label>
      <label>
        Country
        <select
          onChange={({ currentTarget: { value } }) => {
            country.value = value;
          }}
        >
          <option value="">any</option>
          {countries.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button type="submit" class="button" disabled={control.value !== 'on' || isWaiting}>
        {isWaiting ? 'Waiting for the updater …' : 'Register'}
      </button>
    </form>
  );
}
