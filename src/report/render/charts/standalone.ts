import type { Chart, Row } from './chart.ts';
import { sized } from './compile.ts';
import { DRAWN_CAUSES, inLightColours } from './palette.ts';
import { THEME } from './theme.ts';

/** The causes that occur, and their looks. Outside the page the legend is Vega's, which lists whatever its scale knows. */
function onlyPresent(spec: unknown, present: ReadonlySet<unknown>): unknown {
  if (spec === null || typeof spec !== 'object') return spec;
  if (Array.isArray(spec)) return spec.map(item => onlyPresent(item, present));
  const { domain, range } = spec as { domain?: unknown; range?: unknown };
  if (Array.isArray(domain) && Array.isArray(range) && domain.length === DRAWN_CAUSES.length) {
    const kept = domain.map(cause => present.has(cause));
    return { ...spec, domain: domain.filter((_, i) => kept[i]), range: range.filter((_, i) => kept[i]) };
  }
  return Object.fromEntries(Object.entries(spec).map(([key, inner]) => [key, onlyPresent(inner, present)]));
}

/** For use elsewhere: a Vega-Lite spec that holds its data and plain colours, and stands on its own. */
export function standaloneSpec<Of>(chart: Chart<Of>, report: Of, width: number): object {
  const datasets: Record<string, readonly Row[]> = Object.fromEntries(chart.tables.map(table => [table.name, table.rows(report)]));
  const present = new Set(Object.values(datasets).flatMap(rows => rows.map(({ cause }) => cause)));
  const look = onlyPresent({ title: chart.title, ...sized(chart, report, width), config: { ...THEME, background: 'white' } }, present);
  return { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...inLightColours(look as object), datasets };
}
