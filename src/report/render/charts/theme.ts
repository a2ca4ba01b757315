import type { Config } from 'vega-lite';
import { paint } from './palette.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** How every chart looks. Colours are names that the page resolves, see palette.ts. */
export const THEME: Config = {
  background: 'transparent',
  font: FONT,
  view: { stroke: paint('line'), fill: paint('panel') },
  axis: {
    labelColor: paint('muted'),
    titleColor: paint('muted'),
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    gridColor: paint('grid'),
    domain: false,
    tickColor: paint('line'),
    tickSize: 4,
    labelPadding: 3,
    titlePadding: 6,
  },
  text: { font: FONT, fontSize: 11 },
};

export const MARGIN = { top: 6, right: 14 } as const;
