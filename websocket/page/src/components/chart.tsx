import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Columns } from '../state/columns.ts';
import { loadPlotLibrary, plotLibrary } from '../state/plot-library.ts';

interface ChartLine {
  label: string;
  /** A colour of the style sheet: `--orders`. */
  colour: string;
  dashed?: boolean;
  filled?: boolean;
}

export interface ChartProps {
  title: string;
  /** Describes the chart for screen readers. */
  describe(columns: Columns): string;
  lines: ChartLine[];
  /** Reads signals; called again when they change. */
  columns(): Columns;
  format(value: number): string;
}

const height = 180;

/** A chart of the last minutes. uPlot draws it; its legend shows the values under the pointer. */
export function Chart({ title, describe, lines, columns, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const pointed = useSignal<number | null>(null);
  const shown = useSignal<Columns>([[]]);
  /** An error outside of rendering; thrown while rendering, it reaches the boundary around the charts. */
  const failure = useSignal<unknown>(null);
  const shape = lines.map(({ label, colour }) => `${label} ${colour}`).join();
  const Plot = plotLibrary.value;

  useEffect(() => {
    loadPlotLibrary().catch((error) => (failure.value = error));
  }, []);

  // `shape` stands for the lines; the functions read signals.
  useEffect(() => {
    const home = place.current;
    if (!home || !Plot) return;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    let plot: uPlot;
    const draw = () => {
      plot?.destroy();
      plot = new Plot(
        optionsOf(home, lines, format, (index) => (pointed.value = index)),
        shown.peek(),
        home,
      );
    };
    draw();
    const stopData = effect(() => {
      try {
        shown.value = columns();
        if (!document.hidden) plot.setData(shown.value);
      } catch (error) {
        failure.value = error;
      }
    });
    const resized = new ResizeObserver(() => plot.setSize({ width: home.clientWidth, height }));
    resized.observe(home);
    scheme.addEventListener('change', draw);
    return () => {
      stopData();
      resized.disconnect();
      scheme.removeEventListener('change', draw);
      plot.destroy();
    };
  }, [shape, Plot]);

  if (failure.value !== null) throw failure.value;

  const [times, ...values] = shown.value;
  const at = pointed.value ?? times.length - 1;
  return (
    <section class="card chart" aria-label={title}>
      <header class="card-head">
        <h2>{title}</h2>
        <ul class="chart-legend">
          {lines.map(({ label, colour }, index) => {
            const value = values[index]?.[at];
            return (
              <li key={label} style={{ '--of-line': `var(${colour})` }}>
                {label} <b>{value === null || value === undefined ? '–' : format(value)}</b>
              </li>
            );
          })}
        </ul>
      </header>
      <div ref={place} class="plot" role="img" aria-label={describe(shown.value)} />
    </section>
  );
}

function optionsOf(
  home: HTMLElement,
  lines: ChartLine[],
  format: (value: number) => string,
  point: (index: number | null) => void,
): uPlot.Options {
  const colour = (name: string) => resolveColour(home, name);
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line-soft'), width: 1 },
    ticks: { show: false },
    font: '11px "Inter Variable", system-ui, sans-serif',
  };
  return {
    width: home.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: 'shop' } },
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
    scales: { y: { range: (_plot, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 1, 1) * 1.05] } },
    axes: [
      { ...axis, size: 30, space: 60, values: (_plot, splits) => splits.map((second) => clock.format(second * 1_000)) },
      { ...axis, size: 52, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 1.75,
        points: { show: false },
        ...(line.dashed && { dash: [4, 4] }),
        ...(line.filled && { fill: colour(`${line.colour}-faint`) }),
      })),
    ],
  };
}

/** Converts a colour of the style sheet for the canvas, which supports neither variables nor light-dark(). */
function resolveColour(home: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  home.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
