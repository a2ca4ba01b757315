import { chartSpecs } from '#report/render/chart-specs';
import { renderHtml } from '#report/render/html';
import { renderJson } from '#report/render/json';
import { renderMarkdown } from '#report/render/markdown';
import { Report } from '#schema/report';

/** The fixtures whose reports are kept in reports/, so that a change of judgement or of words is seen as a diff. */
export const KEPT = ['serving-incident', 'clean', 'handoff-exposed', 'host-blocked', 'openai-load'] as const;

/** Digits that hold on every machine: the last ones of a double differ between processors and versions of V8. */
const DIGITS = 9;

/** A report without what would change at each release or on another machine. */
function steady(report: Report): Report {
  const rounded = JSON.parse(JSON.stringify(report), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value,
  );
  return Report.parse({ ...rounded, tool: { ...report.tool, version: '0.0.0' } });
}

/** Charts of what was judged. The others draw series that stand in report.json as they are, and would double the folder. */
const DRAWN: readonly string[] = ['books', 'p99-without', 'latency-distribution', 'pipeline-bubble', 'pipeline-excess', 'collective-wait'];

/** The fixture whose page is kept too: with its script a page weighs a megabyte, so one has to do. */
const WITH_PAGE = 'serving-incident';

/** The texts of a report by their names in its folder. */
async function texts(name: string, report: Report): Promise<ReadonlyMap<string, string>> {
  const charts = chartSpecs(report).filter(({ name }) => DRAWN.includes(name));
  return new Map<string, string>([
    ['report.md', renderMarkdown(report)],
    ['report.json', renderJson(report)],
    ...(name === WITH_PAGE ? [['report.html', await renderHtml(report)] as const] : []),
    ...charts.map(({ name, spec }) => [`charts/${name}.vl.json`, `${JSON.stringify(spec, null, 1)}\n`] as const),
  ]);
}

/** What is kept of a fixture's report: text by file. */
export const keptOf = (name: string, report: Report): Promise<ReadonlyMap<string, string>> => texts(name, steady(report));
