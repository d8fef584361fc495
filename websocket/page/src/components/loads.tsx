import { useSignal } from '@preact/signals';
import { control, sendCommand } from '../state/commands.ts';
import { picture } from '../state/state.ts';
import { backToNormal, type Load, type LoadValues, loads, placeOf, type Slider, valuesInForce } from '../text/loads.ts';

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
        The sliders show what counts now, also when another visitor has set it. A value counts until the service
        restarts. “Back to normal” returns to the settings of docker-compose.yml, ends a scenario, and ends a slowdown
        of shipping.
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
  const inForce = valuesInForce(load, picture.value?.settings ?? []);
  const replaces = JSON.stringify(inForce);
  const draft = useSignal<{ values: LoadValues; replaces: string } | null>(null);
  // What the visitor has not sent yet is dropped when other values count.
  const values = draft.value?.replaces === replaces ? draft.value.values : inForce;
  return (
    <form
      class="load"
      onSubmit={(event) => {
        event.preventDefault();
        void sendCommand({ target, command, ...fields(values) });
      }}
    >
      <h3>{title}</h3>
      {sliders.map((slider) => (
        <SliderRow
          key={slider.name}
          slider={slider}
          value={values[slider.name] ?? slider.usual}
          change={(value) => (draft.value = { values: { ...values, [slider.name]: value }, replaces })}
        />
      ))}
      <p class="quiet">{explain(values)}</p>
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
        value={placeOf(value, values)}
        aria-label={label}
        aria-valuetext={String(value)}
        onInput={({ currentTarget }) => change(values[Number(currentTarget.value)] ?? value)}
      />
      <output>{value.toLocaleString('en')}</output>
    </label>
  );
}
