import { z } from 'zod';
import { count, percent } from '#core/format/numbers';
import { CauseOrRest } from '#schema/causes';
import type { Incident } from '#schema/incident';
import { causeTitle } from '../wording.ts';
import { mainCause, throughout } from '../worst.ts';
import { defineTable, inSeconds, type Layer, MOST_MARKS, round, thin } from './chart.ts';
import { causeToken, DRAWN_CAUSES, paint } from './palette.ts';
import { timeX } from './time-axis.ts';

/** Width of a character of a label, and what keeps it apart from the next, px: the labels' size is 10 px. */
const CHARACTER_PX = 6.5;
const APART_PX = 7;
/** A scale at which a day is wider than any screen: a label that needs more never has room. */
const ENDLESS = 1e6;
/** Outlines keep a short incident visible; the more there are the fainter, or they would cover what lies behind them. */
const outline = (n: number) => round(Math.min(0.55, Math.max(0.1, 8 / n)), 2);

const bandOf = (incident: Incident) => {
  const [first = { cause: 'unexplained' as const, share: 0 }] = incident.causes;
  return {
    ...{ incident: incident.id, label: incident.id, cause: first.cause, excess_ms: incident.excess_ms },
    start_s: inSeconds(incident.start_ms),
    end_s: inSeconds(incident.end_ms),
    held_up_ms: round(incident.held_up_ms, 2),
    likeliest: `${causeTitle(first.cause)}, ${percent(first.share)}`,
  };
};

/** Incidents as bands. Many of one cause are one story, and one band: a wall of them would hide all that lies behind it. */
function bandsOf(incidents: readonly Incident[]) {
  const story = throughout(incidents);
  if (story === undefined) return incidents.map(bandOf);
  const same = incidents.filter(i => mainCause(i) === story.cause);
  const held = same.reduce((sum, i) => sum + i.held_up_ms, 0);
  const whole = {
    ...{ incident: count(story.n, 'incident'), label: 'slow throughout', cause: story.cause },
    excess_ms: same.reduce((sum, i) => sum + i.excess_ms, 0),
    start_s: inSeconds(story.start_ms),
    end_s: inSeconds(story.end_ms),
    held_up_ms: round(held, 2),
    likeliest: causeTitle(story.cause),
  };
  return [whole, ...incidents.filter(i => !same.includes(i)).map(bandOf)];
}

type Band = ReturnType<typeof bandOf>;

const labelPx = ({ label }: Band) => CHARACTER_PX * label.length + APART_PX;

/**
 * The least scale, in pixels a second, at which the label of a band covers none of a worse band's and none of theirs covers it. Whatever the
 * width and the zoom, labels shown by this rule never overlap, the worst has its own, and a zoom brings out the others.
 */
function leastScale(band: Band, at: number, all: readonly Band[]): number {
  const worse = all.filter((other, i) => other.excess_ms > band.excess_ms || (other.excess_ms === band.excess_ms && i < at));
  const needed = worse.map(other => {
    const distance = Math.abs(other.start_s - band.start_s);
    return labelPx(other.start_s < band.start_s ? other : band) / distance;
  });
  return Math.min(
    ENDLESS,
    needed.reduce((most, scale) => Math.max(most, scale), 0),
  );
}

export const INCIDENT = defineTable({
  name: 'incident',
  schema: z.strictObject({
    incident: z.string(),
    label: z.string(),
    label_px: z.number(),
    least_scale: z.number(),
    edge: z.number(),
    start_s: z.number(),
    end_s: z.number(),
    held_up_ms: z.number(),
    cause: CauseOrRest,
    likeliest: z.string(),
  }),
  columns: { incident: 'Incident', start_s: 'From (s)', end_s: 'To (s)', held_up_ms: 'Delay (ms)', likeliest: 'Likeliest cause' },
  rows: ({ incidents }) => {
    const bands = bandsOf(incidents);
    const drawn = thin(bands, MOST_MARKS / 3);
    return drawn.map(({ excess_ms, ...band }, i) => ({
      ...band,
      label_px: round(labelPx({ ...band, excess_ms }), 1),
      least_scale: round(leastScale({ ...band, excess_ms }, i, drawn), 3),
      edge: outline(bands.length),
    }));
  },
});

export const causeScale = { domain: [...DRAWN_CAUSES], range: DRAWN_CAUSES.map(cause => paint(causeToken(cause))) };

/** Incidents as bands behind a panel. The stroke keeps a short one visible on a long axis. */
export const INCIDENT_BANDS: Layer = {
  data: { name: 'incident' },
  mark: { type: 'rect', clip: true, aria: false, fillOpacity: 0.14, strokeWidth: 1 },
  encoding: {
    x: timeX('start_s'),
    x2: { field: 'end_s' },
    fill: { field: 'cause', type: 'nominal', scale: causeScale, legend: null },
    stroke: { field: 'cause', type: 'nominal', scale: causeScale, legend: null },
    strokeOpacity: { field: 'edge', type: 'quantitative', scale: null, legend: null },
    tooltip: [
      { field: 'incident', type: 'nominal', title: 'incident' },
      { field: 'start_s', type: 'quantitative', title: 'from (s)', format: '.3f' },
      { field: 'end_s', type: 'quantitative', title: 'to (s)', format: '.3f' },
      { field: 'held_up_ms', type: 'quantitative', title: 'delay (ms)', format: ',.1f' },
      { field: 'likeliest', type: 'nominal', title: 'likeliest' },
    ],
  },
};

/** What each band is called, where there is room for it: the worst first. */
export const INCIDENT_LABELS: Layer = {
  data: { name: 'incident' },
  transform: [{ filter: 'datum.least_scale * (to - from) < width && datum.label_px * (to - from) < (to - datum.start_s) * width' }],
  mark: { type: 'text', align: 'left', baseline: 'top', dx: 3, dy: 3, clip: true, aria: false, fontSize: 10, color: paint('muted') },
  encoding: { x: timeX('start_s'), y: { value: 0 }, text: { field: 'label', type: 'nominal' } },
};

/** For panels whose own marks are coloured by something else than causes. */
export const OWN_COLOURS = { scale: { fill: 'independent', stroke: 'independent' } } as const;
