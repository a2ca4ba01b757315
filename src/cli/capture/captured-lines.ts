import type { Captured } from '#app/capture/conclude';
import { overheadWords } from '#report/render/recording-wording';
import { summaryLines } from '#report/render/summary/lines';

const CANNOT_TELL = 'This case cannot tell what a GPU did, nor why requests were slow on one: no work of a GPU was recorded.';

const seesNoGpu = ({ devices }: Captured['reports'][number]): boolean => devices.every(d => d.busy_ms === 0);

/** What a capture came to, for a person: the answer, what is missing and what that leaves open, where all is. */
export function capturedLines({
  folder,
  content,
  reports,
}: Pick<Captured, 'content' | 'reports'> & { readonly folder: { readonly path: string } }): string[] {
  const [report] = reports;
  const lacks = content.status === 'complete' && content.missing.length > 0;
  return [
    ...(report !== undefined && reports.length === 1 ? [`${summaryLines(report).join('\n')}\n`] : []),
    ...(content.overhead ?? []).map(o => `cost of the profiler: ${overheadWords(o)}`),
    ...content.missing.map(what => `missing: ${what}`),
    ...(reports.length > 0 && reports.every(seesNoGpu) ? [CANNOT_TELL] : []),
    ...content.windows.flatMap(w => w.reports.map(r => `Report: ${folder.path}/${r}/report.html`)),
    `Case: ${folder.path} (${lacks ? 'complete but for what is missing above' : content.status})`,
  ];
}
