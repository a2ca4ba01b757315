// Keeps the Node build whole: it compiles this folder too, without the DOM in its `lib`.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { PageData } from '../page-data.ts';
import { openByAnchor } from './anchor.ts';
import { type Panel, panel } from './panel.ts';
import { openForPrint } from './print.ts';
import { offerCsv } from './table-csv.ts';
import { zoom } from './zoom.ts';

async function start(): Promise<void> {
  const data: PageData = JSON.parse(document.getElementById('report-data')?.textContent ?? '{}');
  openForPrint();
  openByAnchor();
  offerCsv();
  document.documentElement.classList.add('js');
  const panels = new Map<string, Panel>();
  for (const { name, spec } of data.charts) {
    const place = document.querySelector<HTMLElement>(`[data-chart="${name}"]`);
    if (place !== null) panels.set(name, await panel(place, spec, data.tables));
  }
  zoom(panels, data.window, data.extent);
}

// Whatever fails here, the pictures that came with the page stay.
start().catch(reportError);
