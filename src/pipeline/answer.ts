import type { Pipeline, Schedule } from '#model/pipeline';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const whole = (share: number) => `${Math.round(share * 100)} %`;
const ms = (value: number) => `${value.toFixed(value >= 10 ? 0 : 1)} ms`;
const NAMES: Readonly<Record<Schedule['name'], string>> = {
  gpipe: 'GPipe',
  '1f1b': '1F1B',
  interleaved: 'interleaved 1F1B',
  'zb-h1': 'ZB-H1',
  dualpipe: 'DualPipe',
  unknown: 'a schedule that is none of the known ones',
};
const WHY: Readonly<Record<Schedule['excess'][number]['why'], string>> = {
  'stage-imbalance': 'uneven stages',
  'handoff-latency': 'waiting between a producer and its copy or consumer',
  'exposed-copy': 'copies that nothing hides',
  'launch-starvation': 'launches that came late',
  straggling: 'operations longer than usual',
  unexplained: 'unexplained',
};
/** Less of the copy time than this under compute counts as exposed. */
const HIDDEN = 0.8;
const LEAST_MS = 0.05;

const list = (items: readonly string[]) => (items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);

function bubbleSentence(s: Schedule): string {
  const measured = s.bubble.map(b => `${percent(b.measured_share)} on ${b.device}`);
  const theory = s.bubble[0]?.theory_share;
  const simulated = s.bubble.map(b => percent(b.simulated_share));
  return (
    `The bubble is ${list(measured)} of the iteration` +
    (theory === null || theory === undefined
      ? `; theory gives none for it, the simulation of the measured operations with free hand-offs ${list(simulated)}.`
      : `, where theory says ${percent(theory)} for even stages and the simulation of the measured operations with free hand-offs ${list(simulated)}.`)
  );
}

function handoffSentence(s: Schedule): string {
  const { handoffs: h } = s;
  if (h.count === 0) return 'No hand-off between devices was seen.';
  const count =
    h.expected !== null && h.expected !== h.count
      ? `${h.count} hand-offs were seen where theory has ${h.expected}`
      : `${h.count} hand-offs`;
  const size = h.bytes === null ? '' : ` of ${(h.bytes / 2 ** 20).toFixed(h.bytes < 2 ** 20 ? 2 : 0)} MiB`;
  const rate = h.gbps === null ? '' : ` at ${h.gbps.toFixed(0)} GB/s`;
  const staged = h.staged > 0 ? `; ${h.staged === h.count ? 'all' : h.staged} went through the host` : '';
  const devices = s.bubble.flatMap(b =>
    b.copies_hidden_share === null || b.copies_hidden_share === undefined ? [] : [{ device: b.device, share: b.copies_hidden_share }],
  );
  const exposed = devices.filter(d => d.share < HIDDEN);
  const hidden =
    devices.length === 0
      ? ''
      : exposed.length === 0
        ? ` They are hidden: compute of the sending device covers ${list(devices.map(d => `${whole(d.share)} on ${d.device}`))}.`
        : ` They are exposed on ${list(exposed.map(d => `${d.device}, where compute covers ${whole(d.share)} of the copy time`))}` +
          (exposed.length < devices.length
            ? `, and hidden on ${list(devices.filter(d => d.share >= HIDDEN).map(d => `${d.device} (${whole(d.share)})`))}.`
            : '.');
  return `${count}${size}${rate}${staged}.${hidden}`;
}

function excessSentence(s: Schedule): string {
  const largest = s.excess.filter(e => e.ms >= LEAST_MS).sort((a, b) => b.ms - a.ms);
  const saved = s.excess.filter(e => e.ms <= -LEAST_MS).map(e => `${WHY[e.why]} took ${ms(-e.ms)} off it`);
  const against = s.bubble[0]?.theory_share === null ? 'the simulation' : 'theory';
  const total = `${ms(Math.abs(s.excess_ms))} of device time an iteration ${s.excess_ms >= 0 ? 'more' : 'less'} than ${against}`;
  const parts = [list(largest.map(e => `${WHY[e.why]} ${ms(e.ms)}`)), ...saved].filter(t => t !== '');
  return `The devices stand still ${total}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}.`;
}

function scheduleParagraph(s: Schedule): string {
  const label = s.label !== null && s.label !== s.name ? ` (the program calls it ${s.label})` : '';
  const shape = `${s.p} devices, ${s.m} microbatches${s.v > 1 ? `, ${s.v} virtual stages a device` : ''}, ${s.iterations} iteration${s.iterations === 1 ? '' : 's'}`;
  const order = s.departures.length > 0 ? ` ${s.departures.length} operation(s) ran out of its order.` : '';
  return `${NAMES[s.name]}${label} ran: ${shape}.${order} ${bubbleSentence(s)} ${handoffSentence(s)} ${excessSentence(s)}`;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** What matters most, in one sentence: the bubbles beside theory, and the largest reason for the difference. */
function headline(schedules: readonly Schedule[]): string {
  const bubbles = schedules.map(s => {
    const theory = s.bubble[0]?.theory_share;
    const beside = theory === null || theory === undefined ? '' : ` (theory ${percent(theory)})`;
    return `${NAMES[s.name]} ${percent(mean(s.bubble.map(b => b.measured_share)))}${beside}`;
  });
  const totals = new Map<keyof typeof WHY, number>();
  for (const s of schedules) for (const e of s.excess) totals.set(e.why, (totals.get(e.why) ?? 0) + e.ms * s.iterations);
  const [top] = [...totals].filter(([, total]) => total > 0).sort((a, b) => b[1] - a[1]);
  return `The bubble was ${list(bubbles)}${top === undefined ? '' : `; beyond theory the devices stand still mostly for this: ${WHY[top[0]]}`}.`;
}

/** The question "does the pipeline overlap?" answered in words, the verdict first. */
export function answerOf(pipeline: Pick<Pipeline, 'schedules' | 'cannot_tell'>): string {
  const known = pipeline.schedules.length === 0 ? [] : [headline(pipeline.schedules), ...pipeline.schedules.map(scheduleParagraph)];
  const unknown = pipeline.cannot_tell.length > 0 ? [`Not known: ${pipeline.cannot_tell.join(' ')}`] : [];
  return [...known, ...unknown].join(' ');
}
