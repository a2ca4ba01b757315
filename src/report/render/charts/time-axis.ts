import type { Report } from '#schema/report';
import { windowMs } from '../wording.ts';
import { inSeconds } from './chart.ts';
import { paint } from './palette.ts';

/** The stretch of time shown, in seconds. The page sets both signals of every panel at once: that is the shared axis. */
export const SHOWN = [
  { name: 'from', value: 0 },
  { name: 'to', value: 1 },
];

/** At first, the whole trace is shown. */
export const shown = (report: Report) => ({
  from: inSeconds(report.window.start_ms),
  to: inSeconds(report.window.start_ms + Math.max(1, windowMs(report))),
});

/** Labels carry their unit, as only the panels' common legend could carry a title. */
const axis = { title: null, labelExpr: "datum.label + ' s'", tickCount: { expr: 'max(2, floor(width / 90))' }, labelFlush: false } as const;

/** A domain between two of the spec's params, and never of the data: a layer without rows would have none to give. */
export const between = (low: string, high: string) => [{ expr: low }, { expr: high }];

const scale = { domain: between('from', 'to'), nice: false, zero: false };

/** The horizontal position of a time, on the axis that all panels share. */
export const timeX = <const Field extends string>(field: Field) => ({ field, type: 'quantitative' as const, scale, axis });

export const TIME_MARGIN = { left: 66, bottom: 22 } as const;
export const valueAxis = (title: string) =>
  ({ title, minExtent: 40, maxExtent: 40, tickCount: { expr: 'max(2, floor(height / 34))' } }) as const;

export const TIME_LINE = { strokeWidth: 1.5, clip: true, aria: false, color: paint('series-1') } as const;
