import { signal } from '@preact/signals';
import { type Columns, type Reading, toColumns } from '../state/columns.ts';
import { picture, seconds } from '../state/state.ts';
import { count, duration, rate } from '../text/format.ts';
import { Boundary } from './boundary.tsx';
import { Chart } from './chart.tsx';

/** How far back the charts reach, in minutes, and how many seconds one point stands for. */
const reaches = [
  { minutes: 1, step: 1 },
  { minutes: 5, step: 5 },
  { minutes: 15, step: 10 },
];

const reach = signal(reaches[1]);

const columnsOf = (readings: Reading[]): Columns => {
  const { minutes, step } = reach.value ?? { minutes: 5, step: 5 };
  // Use the server's clock, so that the charts move in a quiet shop, too.
  const until = Math.floor((picture.value?.at ?? Date.now()) / 1_000) - 1;
  return toColumns(seconds.value, { until, length: minutes * 60, step }, readings);
};

const perSecond = (field: 'orders' | 'delivered' | 'undeliverable'): Reading => ({
  read: (second) => second?.[field] ?? 0,
  together: 'mean',
});

/** Colours of products, in the order of their names. */
const stockColours = ['--stock-1', '--stock-2', '--stock-3', '--stock-4', '--stock-5', '--stock-6'];

/** Charts of the last minutes. */
export function Charts() {
  return (
    <div class="charts-area">
      <fieldset class="segments">
        <legend>Charts show the last</legend>
        {reaches.map((choice) => (
          <label key={choice.minutes}>
            <input
              type="radio"
              name="minutes"
              checked={reach.value === choice}
              onChange={() => {
                reach.value = choice;
              }}
            />
            {choice.minutes} min
          </label>
        ))}
      </fieldset>
      <div class="charts">
        <Boundary name="Orders and shipments per second">
          <ThroughputChart />
        </Boundary>
        <Boundary name="From order to shipment">
          <DeliveryChart />
        </Boundary>
        <Boundary name="Left in stock">
          <StockChart />
        </Boundary>
      </div>
    </div>
  );
}

function ThroughputChart() {
  return (
    <Chart
      title="Orders and shipments per second"
      lines={[
        { label: 'orders', colour: '--orders', filled: true },
        { label: 'delivered', colour: '--shipments' },
        { label: 'undeliverable', colour: '--trouble' },
      ]}
      columns={() => columnsOf([perSecond('orders'), perSecond('delivered'), perSecond('undeliverable')])}
      format={rate}
      describe={([, orders, delivered]) =>
        `Chart: ${rate(orders?.at(-1) ?? 0)} orders and ${rate(delivered?.at(-1) ?? 0)} deliveries per second`
      }
    />
  );
}

function DeliveryChart() {
  return (
    <Chart
      title="From order to shipment"
      lines={[
        { label: 'half within', colour: '--shipments', filled: true },
        { label: '99 % within', colour: '--customers', dashed: true },
      ]}
      columns={() =>
        columnsOf([
          { read: (second) => second?.p50 ?? null, together: 'mean' },
          { read: (second) => second?.p99 ?? null, together: 'highest' },
        ])
      }
      format={duration}
      describe={() => {
        const now = picture.value?.delivery_ms;
        return now
          ? `Chart: half within ${duration(now.p50)}, 99 % within ${duration(now.p99)}`
          : 'Chart: no shipments';
      }}
    />
  );
}

function StockChart() {
  const sold = picture.value?.products.filter((each) => each.sold) ?? [];
  const products = sold.map(({ product }) => product).slice(0, stockColours.length);
  return (
    <Chart
      title="Left in stock"
      lines={products.map((label, index) => ({ label, colour: stockColours[index] ?? '--orders' }))}
      columns={() => columnsOf(products.map((name) => ({ read: (second) => second?.left[name], together: 'last' })))}
      format={count}
      describe={() => `Chart: ${sold.map(({ product, left }) => `${left} ${product}`).join(', ')} left in stock`}
    />
  );
}
