import type { ServiceLine } from '../../../src/messages/picture.ts';
import { isServerWaiting, picture } from '../state/state.ts';
import { count } from '../text/format.ts';
import { lookOf } from '../text/service-state.ts';

/** The state that each service reports. */
export function Services() {
  const services = picture.value?.services ?? [];
  return (
    <section class="card services-card" aria-labelledby="services-title">
      <header class="card-head">
        <h2 id="services-title">Services</h2>
      </header>
      <ul class="service-list">
        {services.map((service) => (
          <Service key={`${service.service}/${service.instance}`} service={service} />
        ))}
      </ul>
      {services.length === 0 && <p class="empty">No service has reported its state yet.</p>}
    </section>
  );
}

function Service({ service }: { service: ServiceLine }) {
  const { silent, look, words } = lookOf(service, isServerWaiting.value);
  return (
    <li>
      <details class="service">
        <summary>
          <span class={`state ${look}`}>{words}</span>
          <span class="service-name">{service.service}</span>
          {service.waiting_for.length > 0 && !silent && (
            <span class="quiet">waits for {service.waiting_for.join(', ')}</span>
          )}
        </summary>
        <dl>
          <dt>instance</dt>
          <dd>{service.instance}</dd>
          {Object.entries(service.counters).map(([name, value]) => (
            <>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd>{count(value)}</dd>
            </>
          ))}
          {service.last_error && (
            <>
              <dt>last error</dt>
              <dd>{service.last_error.message}</dd>
            </>
          )}
        </dl>
      </details>
    </li>
  );
}
