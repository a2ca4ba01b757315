import type { Report } from '#schema/report';
import { CHARTS } from '../charts/all.ts';
import { inSeconds } from '../charts/chart.ts';
import { type Drawing, draw } from '../charts/draw.ts';
import { type Packed, type PageData, packed } from '../page-data.ts';
import { extentMs, windowMs } from '../wording.ts';

/** All charts of one report, by name. */
export interface Drawings {
  readonly of: (name: string) => Drawing;
  readonly data: PageData;
}

export async function drawings(report: Report): Promise<Drawings> {
  const all = new Map<string, Drawing>();
  for (const chart of CHARTS) all.set(chart.name, await draw(chart, report));
  const tables: Record<string, Packed> = {};
  const charts: PageData['charts'][number][] = [];
  for (const { chart, spec, rows } of all.values()) {
    if (spec === null) continue;
    for (const [table, list] of rows) tables[table.name] = packed(list);
    charts.push({ name: chart.name, spec });
  }
  const [from, to] = extentMs(report).map(inSeconds);
  return {
    of: name => {
      const drawing = all.get(name);
      if (drawing === undefined) throw new Error(`no chart is called ${name}`);
      return drawing;
    },
    data: {
      window: [inSeconds(report.window.start_ms), inSeconds(report.window.start_ms + windowMs(report))],
      extent: [from ?? 0, to ?? 0],
      tables,
      charts,
    },
  };
}
