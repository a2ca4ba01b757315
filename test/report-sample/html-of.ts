import { renderHtml } from '#report/render/html';
import type { Report } from '#schema/report';

const pages = new Map<string, Promise<string>>();

/** The page of a report, drawn once for all tests of a worker that ask for it: the same report gives the same bytes, as report-html.test.ts checks. */
export function htmlOf(report: Report): Promise<string> {
  const key = JSON.stringify(report);
  const page = pages.get(key) ?? renderHtml(report);
  pages.set(key, page);
  return page;
}
