import { signal } from '@preact/signals';
import type uPlot from 'uplot';

/** uPlot, once it is loaded. It is loaded separately, so a failure affects only the charts. */
export const plotLibrary = signal<typeof uPlot | null>(null);

export async function loadPlotLibrary(): Promise<void> {
  plotLibrary.value ??= (await import('uplot')).default;
}
