import { type Report, ReportShape } from '#schema/report';

/** report.json: the parsed report, its keys in the schema's order, so that equal reports give equal bytes. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(ReportShape.parse(report), null, 2)}\n`;
}
