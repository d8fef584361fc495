import { picture } from '../state/state.ts';
import { count } from '../text/format.ts';

const shown = 8;

/** Where the customers are. */
export function Countries() {
  const { total = 0, countries = [] } = picture.value?.customers ?? {};
  const most = countries[0]?.customers ?? 1;
  const rest = countries.slice(shown);
  return (
    <section class="card countries" aria-labelledby="countries-title">
      <header class="card-head">
        <h2 id="countries-title">Where customers are</h2>
        <p class="card-note">{count(total)} of them</p>
      </header>
      <ul class="bars">
        {countries.slice(0, shown).map(({ country, customers }) => (
          <li key={country}>
            <span class="bar-name">{country}</span>
            <span class="bar-count">{count(customers)}</span>
            <meter class="bar" aria-label={`${country}: ${count(customers)} customers`} value={customers} max={most} />
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <p class="quiet">
          and {count(rest.reduce((sum, { customers }) => sum + customers, 0))} in {rest.length} more countries
        </p>
      )}
      {total === 0 && <p class="empty">No customer has been seen yet.</p>}
    </section>
  );
}
