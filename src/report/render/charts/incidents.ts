import { z } from 'zod';
import { count, percent } from '#core/format/numbers';
import { CauseOrRest } from '#schema/causes';
import type { Incident } from '#schema/incident';
import { causeTitle } from '../wording.ts';
import { mainCause, throughout } from '../worst.ts';
import { defineTable, inSeconds, type Layer, MOST_MARKS, round, thin } from './chart.ts';
import { causeToken, DRAWN_CAUSES, paint } from './palette.ts';
import { timeX } from './time-axis.ts';

/** More labels than this would only print over each other. */
const LABELLED = 30;
/** Outlines keep a short incident visible; the more there are the fainter, or they would cover what lies behind them. */
const outline = (n: number) => round(Math.min(0.55, Math.max(0.1, 8 / n)), 2);

const bandOf = (incident: Incident) => {
  const [first = { cause: 'unexplained' as const, share: 0 }] = incident.causes;
  return {
    ...{ incident: incident.id, label: incident.id, cause: first.cause },
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
    start_s: inSeconds(story.start_ms),
    end_s: inSeconds(story.end_ms),
    held_up_ms: round(held, 2),
    likeliest: causeTitle(story.cause),
  };
  return [whole, ...incidents.filter(i => !same.includes(i)).map(bandOf)];
}

export const INCIDENT = defineTable({
  name: 'incident',
  schema: z.strictObject({
    incident: z.string(),
    label: z.string(),
    edge: z.number(),
    start_s: z.number(),
    end_s: z.number(),
    held_up_ms: z.number(),
    cause: CauseOrRest,
    likeliest: z.string(),
  }),
  columns: { incident: 'Incident', start_s: 'From (s)', end_s: 'To (s)', held_up_ms: 'Held up (ms)', likeliest: 'Likeliest cause' },
  rows: ({ incidents }) => {
    const bands = bandsOf(incidents);
    return thin(bands, MOST_MARKS / 3).map(band => ({
      ...band,
      label: bands.length > LABELLED ? '' : band.label,
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
      { field: 'held_up_ms', type: 'quantitative', title: 'held up (ms)', format: ',.1f' },
      { field: 'likeliest', type: 'nominal', title: 'likeliest' },
    ],
  },
};

/** For panels whose own marks are coloured by something else than causes. */
export const OWN_COLOURS = { scale: { fill: 'independent', stroke: 'independent' } } as const;
