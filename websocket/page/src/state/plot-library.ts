import { signal } from '@preact/signals';
import type uPlot from 'uplot';

/** uPlot, once it is loaded. It is loaded apart from the page, so that a failure costs the charts only. */
export const plotLibrary = signal<typeof uPlot | null>(null);

export async function loadPlotLibrary(): Promise<void> {
  plotLibrary.value ??= (await import('uplot')).default;
}
