import { percent, plain, seconds } from '#core/format/numbers';
import type { Ms } from '#core/units';
import type { Incident } from '#schema/incident';
import type { IncidentTimeline, TimelineBar, TimelineTrack } from '#schema/incident-timeline';
import { commandLine } from '../command-line.ts';
import { barName, barWords, coverWords, KIND_TEXT, launchingWords, lengthWords, trackWords } from '../timeline-words.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** A name is written on a bar that takes at least this share of the width. */
const NAMED = 0.07;
/** A bar is never narrower than this share of the width, or it could not be seen. */
const LEAST_WIDTH = 0.001;
/** Height of a track, and by how much a call within a call is lower, px. */
const HEIGHT = 18;
const STEP = 4;
const DEEPEST = 3;
/** Bars that are listed, the longest. */
const LISTED = 30;
/** Times on the axis stand at least so far apart. */
const APART = 0.14;

interface Scale {
  readonly at: (t: Ms) => number;
}
const scaleOf = ({ start_ms, end_ms }: IncidentTimeline): Scale => ({
  at: t => Math.min(1, Math.max(0, (t - start_ms) / Math.max(1e-9, end_ms - start_ms))),
});
/** A position in hundredths of the width, so that the drawing fits every screen without a script. */
const x = (share: number) => `${Number((share * 100).toFixed(3))}%`;

/** Bars in which each lies, for calls within calls. Bars come in order of start, the longer first. */
function depths(bars: readonly TimelineBar[]): readonly number[] {
  const open: Ms[] = [];
  return bars.map(bar => {
    while (open.length > 0 && (open.at(-1) ?? 0) <= bar.start_ms) open.pop();
    open.push(bar.end_ms);
    return Math.min(DEEPEST, open.length - 1);
  });
}

function barOf(bar: TimelineBar, depth: number, { at }: Scale): Html {
  const from = at(bar.start_ms);
  const width = Math.max(LEAST_WIDTH, at(bar.end_ms) - from);
  const top = 1 + depth * STEP;
  const rect = html`<rect class="${bar.kind}${bar.operations > 1 ? ' merged' : ''}" x="${x(from)}" y="${top}" width="${x(width)}" height="${HEIGHT - 1 - top}"><title>${barWords(bar)}</title></rect>`;
  if (width < NAMED) return rect;
  return html`${rect}<svg x="${x(from)}" width="${x(width)}" height="${HEIGHT}"><text x="3" y="13">${bar.operations > 1 ? `${plain(bar.operations)} merged` : barName(bar)}</text></svg>`;
}

function trackOf(track: TimelineTrack, timeline: IncidentTimeline, incident: Incident): Html {
  const scale = scaleOf(timeline);
  const [shows, whose] = trackWords(track, timeline);
  const bars = track.bars.toSorted((a, b) => a.start_ms - b.start_ms || b.end_ms - a.end_ms);
  // Operations of one stream follow each other; calls lie in calls.
  const depth = track.shows === 'stream' ? [] : depths(bars);
  const [from, to] = [scale.at(incident.start_ms), scale.at(incident.end_ms)];
  const busy = bars.reduce((sum, b) => sum + b.operations, 0);
  return html`<div class="track"><span class="who">${shows} <small>${whose}</small></span><svg role="img" aria-label="${shows}, ${whose}: ${busy} in this stretch" width="100%" height="${HEIGHT}"><rect class="within" x="${x(from)}" width="${x(to - from)}" height="${HEIGHT}"/>${bars.map((bar, i) => barOf(bar, depth[i] ?? 0, scale))}</svg></div>`;
}

/** Where the drawing and the incident begin and end; a time too near the one before is left out. */
function axis(timeline: IncidentTimeline, incident: Incident): Html {
  const { at } = scaleOf(timeline);
  const times = [timeline.start_ms, timeline.end_ms, incident.start_ms, incident.end_ms];
  const shown: Ms[] = [];
  for (const t of times) if (shown.every(s => Math.abs(at(s) - at(t)) >= APART)) shown.push(t);
  const anchor = (t: Ms) => (at(t) < APART / 2 ? 'start' : at(t) > 1 - APART / 2 ? 'end' : 'middle');
  return html`<div class="track"><span class="who"></span><svg aria-hidden="true" width="100%" height="${HEIGHT}">${shown.map(t => html`<text x="${x(at(t))}" y="12" text-anchor="${anchor(t)}">${seconds(t)}</text>`)}</svg></div>`;
}

function legend({ tracks }: IncidentTimeline): Html {
  const kinds = [...new Set(tracks.flatMap(t => t.bars.map(b => b.kind)))];
  const isMerged = tracks.some(t => t.bars.some(b => b.operations > 1));
  return html`<ul class="legend" aria-label="Legend">${kinds.map(k => html`<li><span class="key ${k}"></span>${KIND_TEXT[k]}</li>`)}${isMerged ? html`<li><span class="key merged"></span>several, too short to draw</li>` : NOTHING}</ul>`;
}

interface Listed {
  readonly track: string;
  readonly bar: TimelineBar;
}
const COLUMNS: readonly Column<Listed>[] = [
  { head: 'Track', cell: l => l.track },
  { head: 'What', cell: l => barName(l.bar) },
  { head: 'From', cell: l => seconds(l.bar.start_ms), numeric: true },
  { head: 'Length', cell: l => lengthWords(l.bar.end_ms - l.bar.start_ms), numeric: true },
  { head: 'At work', cell: l => percent(Math.min(1, l.bar.busy_ms / Math.max(1e-9, l.bar.end_ms - l.bar.start_ms))), numeric: true },
];

function listing(timeline: IncidentTimeline, id: string): Html {
  const all = timeline.tracks.flatMap(track => track.bars.map((bar): Listed => ({ track: trackWords(track, timeline).join(', '), bar })));
  const longest = all.toSorted((a, b) => b.bar.end_ms - b.bar.start_ms - (a.bar.end_ms - a.bar.start_ms)).slice(0, LISTED);
  return html`<details class="data"><summary>Data table<span class="sr">: what ran in ${id}</span></summary>${table({ caption: `The longest in and around ${id}`, columns: COLUMNS, items: longest, scrolls: true })}</details>`;
}

/** What streams and threads did in an incident and around it: drawn with SVG alone, so that it needs no script and fits every screen. @param place of the incident in the page */
export function miniTimeline(incident: Incident, place: number): Html {
  const { timeline, id } = incident;
  if (timeline === null) return NOTHING;
  const launching = launchingWords(timeline);
  const name = `ran-${place}`;
  return html`<figure class="mini" aria-labelledby="${name}"><figcaption><b id="${name}">What ran</b> <span class="reading">${coverWords(timeline)}</span>${legend(timeline)}</figcaption>
<div class="tracks">${timeline.tracks.map(t => trackOf(t, timeline, incident))}${axis(timeline, incident)}</div>
${launching === '' ? NOTHING : html`<p>${launching}</p>`}
${listing(timeline, id)}
<details class="data"><summary>To list every single operation</summary><pre tabindex="0"><code>${timeline.by_hand.map(commandLine).join('\n')}</code></pre></details></figure>`;
}
