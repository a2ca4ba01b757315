import { valueAt } from '#core/columns';
import { bytes, count, gbps, ms, percent } from '#core/format/numbers';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { LEAST_PART, lateText, list, mean, type Part, partsOf, theoryOf, WHY } from './excess-parts.ts';
import { pipelineVerdict } from './pipeline-verdict.ts';
import { nameOf } from './schedule-names.ts';

/** Less of the copy time than this under compute counts as exposed. */
const HIDDEN = 0.8;
const LEAST_MS = 0.05;
/** More devices than this are told as a range: nobody reads a list of them in a sentence. */
const FEW_DEVICES = 4;

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

/**
 * The question "does the pipeline overlap?" answered in words: the verdict, then a line (begun with `- `) for each schedule. Without any
 * schedule, why there is none.
 */
export function pipelineAnswer(pipeline: Pick<Pipeline, 'schedules' | 'cannot_tell'>): string {
  if (pipeline.schedules.length === 0) return `Not known: ${pipeline.cannot_tell.join(' ')}`;
  const unknown = pipeline.cannot_tell.map(text => `- Not known: ${text}`);
  return [pipelineVerdict(pipeline.schedules), ...pipeline.schedules.map(line), ...unknown].join('\n');
}
