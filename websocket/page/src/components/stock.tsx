import { picture } from '../state/state.ts';
import { count } from '../text/format.ts';

/** What ksqlDB makes of refills and orders. */
export function Stock() {
  const products = picture.value?.products ?? [];
  return (
    <section class="card stock" aria-labelledby="stock-title">
      <header class="card-head">
        <h2 id="stock-title">Stock, by ksqlDB</h2>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">product</th>
            <th scope="col">refilled</th>
            <th scope="col">ordered</th>
            <th scope="col">left</th>
          </tr>
        </thead>
        <tbody>
          {products.map(({ product, refilled, ordered, left, sold }) => (
            <tr key={product} class={sold ? '' : 'unsold'}>
              <th scope="row">
                {product}
                {!sold && <span class="tag">no longer sold</span>}
              </th>
              <td>{count(refilled)}</td>
              <td>{count(ordered)}</td>
              <td class={left < 0 && sold ? 'oversold' : ''}>
                {count(left)}
                {left < 0 && sold && <span class="tag trouble">oversold</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {products.length === 0 && <p class="empty">ksqlDB has not published its table yet.</p>}
    </section>
  );
}
