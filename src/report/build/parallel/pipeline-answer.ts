import { valueAt } from '#core/columns';
import { bytes, count, gbps, ms, percent, points } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { LEAST_SHARE } from './pipeline-causes.ts';

/** What schedules are called in a sentence. */
export const NAMES: Readonly<Record<Schedule['name'], string>> = {
  gpipe: 'GPipe',
  '1f1b': '1F1B',
  interleaved: 'interleaved 1F1B',
  'looped-bfs': 'looped BFS',
  'zb-h1': 'ZB-H1',
  'interleaved-zb': 'interleaved zero bubble',
  zbv: 'ZB-V',
  dualpipe: 'DualPipe',
  dualpipev: 'DualPipeV',
  unknown: 'an unknown schedule',
};
type Part = Schedule['excess'][number]['why'] | 'staged';
const WHY: Readonly<Record<Part, string>> = {
  'stage-imbalance': 'uneven stages',
  'handoff-latency': 'waiting between a producer and its copy or consumer',
  staged: 'copies led through the host',
  'exposed-copy': 'hand-offs that nothing hides',
  'launch-starvation': 'launches that came late',
  straggling: 'operations longer than usual',
  unexplained: 'unexplained',
};
/** Less of the copy time than this under compute counts as exposed. */
const HIDDEN = 0.8;
const LEAST_MS = 0.05;
/** What makes a host that launches too late keep up; where several devices wait, they wait for the launches of the others as well. */
function helps(schedules: readonly Schedule[]): string {
  const several = schedules.some(s => (s.launch_ranks ?? []).length > 1);
  return `${several ? ": a device waits for its own and for its partners'" : ''}. Fewer and larger launches would help, or CUDA graphs.`;
}
/** A smaller part of the time beyond theory is for the table. */
const LEAST_PART = 0.1;
/** More devices than this are told as a range: nobody reads a list of them in a sentence. */
const FEW_DEVICES = 4;

const list = (items: readonly string[]) => (items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
const theoryOf = (s: Schedule) => s.bubble[0]?.theory_share ?? null;

/** GPipe, or GPipe “my run” where the program calls it so. A label is text from a trace: it stays on its line. */
export function nameOf(s: Pick<Schedule, 'name' | 'label' | 'candidates'>): string {
  const label = s.label?.replace(/\s+/g, ' ').trim();
  const name = s.candidates === undefined ? NAMES[s.name] : s.candidates.map(c => NAMES[c.name]).join(' or ');
  const same = label === undefined || label.toLowerCase() === s.name;
  return same ? name : `${name} “${label}”`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** How much of its copies each sending device hides. */
function hiding(s: Schedule): string {
  const devices = s.bubble.flatMap(b => {
    const share = b.copies_hidden_share ?? null;
    return share === null ? [] : [{ device: b.device, share }];
  });
  if (devices.length === 0) return '';
  const shares = devices.map(d => d.share).sort((a, b) => a - b);
  const [least, most] = [valueAt(shares, 0), shares.at(-1) ?? 0];
  if (most < 0.005) return ', not hidden under compute at all';
  const how = least >= HIDDEN ? 'hidden' : most < HIDDEN ? 'exposed' : 'partly exposed';
  if (devices.length > FEW_DEVICES) return `, ${how}: compute covers ${percent(least)} to ${percent(most)} of the copy time`;
  const each = devices.map(d => `${d.share < 0.005 ? 'none' : percent(d.share)} on ${d.device}`);
  return `, ${how}: compute covers ${list(each)} of the copy time`;
}

function handoffPart(s: Schedule): string {
  const { handoffs: h } = s;
  if (s.m === 0) return 'Its hand-offs are not known.';
  if (h.count === 0) return 'No hand-off between devices was seen.';
  const expected = h.expected !== null && h.expected !== h.count ? ` (theory has ${h.expected})` : '';
  // Copies are under compute for some share of their time, were it 0.
  const carrier = h.hidden_share === null ? ' by NCCL' : '';
  const size = h.bytes === null ? ' by NCCL, whose kernels record neither bytes nor rate' : `${carrier} of ${bytes(h.bytes)}`;
  const rate = h.gbps === null ? '' : ` at ${gbps(h.gbps)}`;
  const staged = h.staged > 0 ? `, ${h.staged === h.count ? 'all' : h.staged} through the host` : '';
  return `${count(h.count, 'hand-off')}${expected}${size}${rate}${staged}${hiding(s)}.`;
}

/** The excess by reason, ms of device time a mean iteration: what staging cost stands apart from what any copy costs. */
function partsOf(s: Schedule): Map<Part, number> {
  const parts = new Map<Part, number>(s.excess.map(e => [e.why, e.ms]));
  const copies = parts.get('exposed-copy') ?? 0;
  const staged = Math.min(s.handoffs.staged_stall_ms ?? 0, copies);
  if (staged <= 0) return parts;
  return parts.set('exposed-copy', copies - staged).set('staged', staged);
}

const late = (s: Schedule) => partsOf(s).get('launch-starvation') ?? 0;

/** Late launches with what the thread did instead, where one cause has most of them. */
function lateText(s: Schedule): string {
  const total = (s.launch_causes ?? []).reduce((n, l) => n + l.ms, 0);
  const [first] = s.launch_causes ?? [];
  const named = first !== undefined && first.cause !== 'unexplained' && first.ms > total / 2;
  return named ? `${WHY['launch-starvation']} (${CAUSE_TEXT[first.cause].title.toLowerCase()})` : WHY['launch-starvation'];
}

/** On which devices launches came late, where several have a good part of it: each holds up the others too. */
function lateDevices(s: Schedule): string {
  const ranks = (s.launch_ranks ?? []).toSorted((a, b) => b.ms - a.ms);
  const total = ranks.reduce((n, r) => n + r.ms, 0);
  const told = ranks
    .filter(r => r.ms >= LEAST_PART * total)
    .slice(0, FEW_DEVICES)
    .map(r => `${percent(r.ms / total)} on ${s.bubble.find(b => b.stage === r.stage)?.device ?? `stage ${r.stage}`}`);
  return total < LEAST_MS || told.length === 0 ? '' : ` (${list(told)}, what the others wait for it meanwhile included)`;
}

/** What is told where the operations are not known: how the devices' time went. */
function standingStill(s: Schedule): string {
  const idle = mean(s.bubble.map(b => b.idle_ms));
  const exposed = mean(s.bubble.map(b => b.exposed_communication_ms));
  return `a mean device idles ${ms(idle)} of an iteration of ${ms(mean(s.iteration_ms))} and only communicates for ${ms(exposed)}`;
}

function excessPart(s: Schedule): string {
  if (s.m === 0) return standingStill(s);
  const against = theoryOf(s) === null ? 'the simulation with free hand-offs' : 'theory';
  if (Math.abs(s.excess_ms) < LEAST_MS) return `as much standing still as ${against} has`;
  const parts = [...partsOf(s)].sort((a, b) => b[1] - a[1]);
  const least = Math.max(LEAST_MS, LEAST_PART * parts.reduce((n, [, value]) => n + Math.max(0, value), 0));
  const textOf = (why: Part) => (why === 'launch-starvation' ? lateText(s) : WHY[why]);
  const beside = (why: Part) => (why === 'launch-starvation' ? lateDevices(s) : '');
  const named = parts
    .filter(([why, value]) => why !== 'unexplained' && value >= least)
    .map(([why, value]) => `${textOf(why)} ${ms(value)}${beside(why)}`);
  const rest = parts.filter(([why, value]) => why === 'unexplained' && value >= least).map(([, value]) => `${ms(value)} unexplained`);
  const saved = parts.filter(([, value]) => value <= -least).map(([why, value]) => `less ${ms(-value)} by ${textOf(why)}`);
  const total = `${ms(Math.abs(s.excess_ms))} of device time an iteration ${s.excess_ms >= 0 ? 'beyond' : 'below'} ${against}`;
  const told = [...named, ...rest, ...saved];
  return `${total}${told.length === 0 ? '' : `: ${told.join(', ')}`}`;
}

/** One line for a schedule. What the tables show of every device is left to them. */
function line(s: Schedule): string {
  const order = s.departures.length > 0 ? ` ${count(s.departures.length, 'operation')} ran out of its order.` : '';
  return `- ${capital(nameOf(s))}: ${excessPart(s)}.${order} ${handoffPart(s)}`;
}

/** The bubbles beside theory, and the largest named reason for the difference. What is not explained is no reason. */
function headline(schedules: readonly Schedule[]): string {
  const bubbles = schedules.map(s => {
    const theory = theoryOf(s);
    const open = [...new Set((s.candidates ?? []).flatMap(c => (c.theory_share === null ? [] : [points(c.theory_share)])))];
    const told = theory !== null ? points(theory) : open.join(' or ');
    const beside = told === '' ? '' : ` (theory ${told})`;
    return `${points(mean(s.bubble.map(b => b.measured_share)))} with ${nameOf(s)}${beside}`;
  });
  const totals = new Map<Part, number>();
  let time = 0;
  for (const s of schedules) {
    time += s.iteration_ms.reduce((a, b) => a + b, 0) * s.p;
    for (const [why, value] of partsOf(s)) totals.set(why, (totals.get(why) ?? 0) + value * s.iterations);
  }
  const positive = [...totals].filter(([, total]) => total > 0).sort((a, b) => b[1] - a[1]);
  const stall = positive.reduce((sum, [, total]) => sum + total, 0);
  const said = `The bubble is ${list(bubbles)}.`;
  if (schedules.every(s => s.m === 0)) return said;
  if (stall < LEAST_SHARE * time) return `${said} The devices stand still no longer than that explains.`;
  const [top] = positive.filter(([why, total]) => why !== 'unexplained' && total >= LEAST_SHARE * time);
  const unknown = totals.get('unexplained') ?? 0;
  const beside = top === undefined || unknown > top[1] ? ` ${percent(unknown / stall)} is unexplained.` : '';
  const [worst] = schedules.filter(s => partsOf(s).has('launch-starvation')).sort((a, b) => late(b) - late(a));
  const name = top?.[0] === 'launch-starvation' && worst !== undefined ? lateText(worst) : WHY[top?.[0] ?? 'unexplained'];
  return top === undefined
    ? `${said} No cause that has a name stands out in the time beyond it.${beside}`
    : `${said} Most of the time beyond ${schedules.some(s => theoryOf(s) !== null) ? 'theory' : 'the simulation'} that can be named goes to ${name} (${percent(top[1] / stall)} of it)${top[0] === 'launch-starvation' ? helps(schedules) : '.'}${beside}`;
}

/**
 * The question "does the pipeline overlap?" answered in words: the verdict, then a line (begun with `- `) for each schedule. Without any
 * schedule, why there is none.
 */
export function pipelineAnswer(pipeline: Pick<Pipeline, 'schedules' | 'cannot_tell'>): string {
  if (pipeline.schedules.length === 0) return `Not known: ${pipeline.cannot_tell.join(' ')}`;
  const unknown = pipeline.cannot_tell.map(text => `- Not known: ${text}`);
  return [headline(pipeline.schedules), ...pipeline.schedules.map(line), ...unknown].join('\n');
}
