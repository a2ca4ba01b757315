import { parse, type Spec, View } from 'vega';
import type { Report } from '#model/report';
import type { Chart, Row, Table } from './chart.ts';
import { pageSpec, stillLogger } from './compile.ts';

/** Width of the picture that is shown before the script runs, without it, and on paper. */
const STATIC_WIDTH = 860;

/** A chart ready for the page: the picture, and what the script needs to bring it to life. */
export interface Drawing {
  readonly chart: Chart;
  /** Why there is nothing to see. */
  readonly absent: string | null;
  /** What a reader who cannot see it should know. */
  readonly description: string;
  readonly svg: string;
  /** Without its data: tables are shared between charts, so the page holds each once. */
  readonly spec: Spec | null;
  readonly rows: ReadonlyMap<Table, readonly Row[]>;
}

/** Puts rows under their names. */
export function filled(spec: Spec, rowsOf: (name: string) => readonly Row[] | undefined): Spec {
  const data = (spec.data ?? []).map(source => {
    const values = rowsOf(source.name);
    return values === undefined ? source : { ...source, values: values.map(row => ({ ...row })) };
  });
  return { ...spec, data: data as NonNullable<Spec['data']> };
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

async function toSvg(spec: Spec, name: string): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none', logger: stillLogger });
  const svg = await view.toSVG();
  view.finalize();
  return ownIds(svg, name);
}

export async function draw(chart: Chart, report: Report): Promise<Drawing> {
  const absent = chart.absent(report);
  if (absent !== null) return { chart, absent, description: '', svg: '', spec: null, rows: new Map() };
  const rows = new Map(chart.tables.map(table => [table, table.rows(report)]));
  const byName = new Map([...rows].map(([table, list]) => [table.name, list]));
  const spec = pageSpec(chart, report, STATIC_WIDTH);
  const description = chart.describe(report);
  return {
    chart,
    absent,
    description,
    spec,
    rows,
    svg: await toSvg(
      filled(spec, name => byName.get(name)),
      chart.name,
    ),
  };
}
