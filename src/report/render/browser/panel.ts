import { parse, type Spec, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { type PageData, unpacked, withRows } from '../page-data.ts';
import { showTip } from './tip.ts';

/** A living chart: Vega's view of it, and its share of the time axis if it has one. */
export interface Panel {
  readonly view: View;
  readonly timed: boolean;
}

/** Replaces the picture by a living chart that follows the width of its place. */
export async function panel(place: HTMLElement, spec: Spec, tables: PageData['tables']): Promise<Panel> {
  const container = place.querySelector<HTMLElement>('.live') ?? place;
  const { left = 0, right = 0 } = spec.padding as { left?: number; right?: number };
  const inner = () => Math.max(120, Math.floor(place.clientWidth - left - right));
  const rowsOf = (name: string) => tables[name] && unpacked(tables[name]);
  // Under a policy without eval, expressions run as parsed trees.
  const runtime = parse({ ...withRows(spec, rowsOf), width: inner() }, undefined, { ast: true });
  const view = new View(runtime, { renderer: 'svg', container, hover: true, expr: expressionInterpreter, tooltip: showTip });
  await view.runAsync();
  place.classList.add('drawn');
  new ResizeObserver(() => {
    const width = inner();
    if (place.clientWidth > 0 && width !== view.width()) view.width(width).run();
  }).observe(place);
  const timed = (spec.signals ?? []).some(signal => signal.name === 'from');
  return { view, timed };
}
