import { useSignal } from '@preact/signals';
import { control, sendCommand } from '../state/commands.ts';
import { backToNormal, type Load, loads, type Slider } from '../text/loads.ts';

/** Sliders that turn the shop's traffic up and down. */
export function Loads() {
  const isOff = control.value !== 'on';
  return (
    <section class="card loads" aria-labelledby="loads-title">
      <header class="card-head">
        <h2 id="loads-title">Load</h2>
        <button
          type="button"
          class="button"
          disabled={isOff}
          onClick={() => backToNormal.forEach((request) => void sendCommand(request))}
        >
          Back to normal
        </button>
      </header>
      <p class="card-note">
        A value counts until you choose another one or the service restarts. “Back to normal” returns to the settings of
        docker-compose.yml, and ends a slowdown of shipping.
      </p>
      <div class="load-forms">
        {loads.map((load) => (
          <LoadForm key={load.title} load={load} isOff={isOff} />
        ))}
      </div>
    </section>
  );
}

function LoadForm({ load, isOff }: { load: Load; isOff: boolean }) {
  const { title, target, command, sliders, fields, explain } = load;
  const values = useSignal(Object.fromEntries(sliders.map(({ name, usual }) => [name, usual])));
  return (
    <form
      class="load"
      onSubmit={(event) => {
        event.preventDefault();
        void sendCommand({ target, command, ...fields(values.value) });
      }}
    >
      <h3>{title}</h3>
      {sliders.map((slider) => (
        <SliderRow
          key={slider.name}
          slider={slider}
          value={values.value[slider.name] ?? slider.usual}
          change={(value) => (values.value = { ...values.value, [slider.name]: value })}
        />
      ))}
      <p class="quiet">{explain(values.value)}</p>
      <button type="submit" class="button" disabled={isOff}>
        Set {title.toLowerCase()}
      </button>
    </form>
  );
}

interface SliderProps {
  slider: Slider;
  value: number;
  change(value: number): void;
}

function SliderRow({ slider: { label, values }, value, change }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={values.length - 1}
        value={values.indexOf(value)}
        aria-label={label}
        aria-valuetext={String(value)}
        onInput={({ currentTarget }) => change(values[Number(currentTarget.value)] ?? value)}
      />
      <output>{value.toLocaleString('en')}</output>
    </label>
  );
}
