import { parse, type Spec, View } from 'vega';
import type { Report } from '#schema/report';
import { withRows } from '../page-data.ts';
import type { Chart, Row, Table } from './chart.ts';
import { pageSpec, stillLogger } from './compile.ts';

/** Width of the picture that is shown before the script runs, without it, and on paper. */
const STATIC_WIDTH = 860;

/** Said where a chart failed: a bug, and never seen in a test. */
const NOT_DRAWN = 'This chart could not be drawn';

/** A chart ready for the page: the picture, and what the script needs to bring it to life. */
export interface Drawing<Of = Report> {
  readonly chart: Chart<Of>;
  /** Why there is nothing to see. */
  readonly absent: string | null;
  /** What a reader who cannot see it should know. */
  readonly description: string;
  /** What the data show, beside how to read the chart; '' for nothing. */
  readonly said: string;
  readonly svg: string;
  /** Without its data: tables are shared between charts, so the page holds each once. */
  readonly spec: Spec | null;
  readonly rows: ReadonlyMap<Table<Of>, readonly Row[]>;
}

/** Vega counts clip paths through the life of a process; in one page, and from one run to the next, ids must be our own. */
function ownIds(svg: string, name: string): string {
  const ids = new Map<string, string>();
  const own = (id: string) => {
    const mine = ids.get(id) ?? `${name}-clip-${ids.size + 1}`;
    ids.set(id, mine);
    return mine;
  };
  return svg.replace(/(clip-path="url\(#|<clipPath id=")(clip\d+)/g, (_, before: string, id: string) => `${before}${own(id)}`);
}

/** A picture of a spec that holds its data. @param name of the chart, for ids in it */
export async function toSvg(spec: Spec, name: string): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none', logger: stillLogger });
  const svg = await view.toSVG();
  view.finalize();
  return ownIds(svg, name);
}

const nothing = <Of>(chart: Chart<Of>, absent: string): Drawing<Of> => ({
  chart,
  absent,
  description: '',
  said: '',
  svg: '',
  spec: null,
  rows: new Map(),
});

export async function draw<Of>(chart: Chart<Of>, report: Of): Promise<Drawing<Of>> {
  const absent = chart.absent(report);
  if (absent !== null) return nothing(chart, absent);
  try {
    const rows = new Map(chart.tables.map(table => [table, table.rows(report)]));
    const byName = new Map([...rows].map(([table, list]) => [table.name, list]));
    const spec = pageSpec(chart, report, STATIC_WIDTH);
    const full = withRows(spec, name => byName.get(name)?.map(row => ({ ...row })));
    return {
      chart,
      absent,
      description: chart.describe(report),
      said: chart.said?.(report) ?? '',
      spec,
      rows,
      svg: await toSvg(full, chart.name),
    };
  } catch (error) {
    // A chart that fails is a bug, but must not take the rest of the report with it.
    return nothing(chart, `${NOT_DRAWN} (${error instanceof Error ? error.message : String(error)}). Its numbers are in report.json.`);
  }
}
