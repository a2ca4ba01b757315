import { paint } from './palette.ts';

/** The stretch of time shown, in seconds. The page sets both signals of every panel at once: that is the shared axis. */
export const SHOWN = [
  { name: 'from', value: 0 },
  { name: 'to', value: 1 },
];

/** Labels carry their unit, as only the panels' common legend could carry a title. */
const axis = { title: null, labelExpr: "datum.label + ' s'", tickCount: { expr: 'max(2, floor(width / 90))' }, labelFlush: false } as const;

const scale = { domainMin: { expr: 'from' }, domainMax: { expr: 'to' }, nice: false, zero: false } as const;

/** The horizontal position of a time, on the axis that all panels share. */
export const timeX = <const Field extends string>(field: Field) => ({ field, type: 'quantitative', scale, axis }) as const;

export const TIME_MARGIN = { left: 66, bottom: 22 } as const;
export const valueAxis = (title: string) => ({ title, minExtent: 40, maxExtent: 40, tickCount: { expr: 'max(2, floor(height / 34))' } }) as const;

export const TIME_LINE = { strokeWidth: 1.5, clip: true, aria: false, color: paint('series-1') } as const;
