import { factor, plain } from '#core/format/numbers';
import { CAUSE_TEXT, CauseOrRest } from '#schema/causes';
import type { EXCESS, PHASES, Pipeline, REASONS, Schedule, ScheduleName } from '#schema/pipeline';
import type { Report } from '#schema/report';

export type Operation = Schedule['gantt']['operations'][number];
export type Handoff = Schedule['gantt']['handoffs'][number];
export type StageBubble = Schedule['bubble'][number];
export type CopyPair = Pipeline['copies'][number];
export type Why = (typeof EXCESS)[number];
export type PhaseName = (typeof PHASES)[number];

export const SCHEDULE_TEXT: Readonly<Record<ScheduleName, string>> = {
  gpipe: 'GPipe',
  '1f1b': '1F1B',
  interleaved: 'Interleaved 1F1B',
  'looped-bfs': 'Looped BFS',
  'zb-h1': 'ZB-H1',
  'interleaved-zb': 'Interleaved zero bubble',
  zbv: 'ZB-V',
  dualpipe: 'DualPipe',
  dualpipev: 'DualPipeV',
  unknown: 'Unknown schedule',
};

export const WHY_TEXT: Readonly<Record<Why, string>> = {
  'stage-imbalance': 'Uneven stages',
  'handoff-latency': 'Hand-off latency',
  'exposed-copy': 'Exposed copies',
  'launch-starvation': 'Late launches',
  straggling: 'Operations longer than usual',
  unexplained: 'Unexplained',
};

/** What time beyond theory is put down to over all schedules. */
export const REASON_TEXT: Readonly<Record<(typeof REASONS)[number], string>> = {
  'stage-imbalance': WHY_TEXT['stage-imbalance'],
  staged: 'Copies through the host',
  'exposed-copy': 'Exposed hand-offs',
  'launch-starvation': WHY_TEXT['launch-starvation'],
  straggling: WHY_TEXT.straggling,
  unexplained: WHY_TEXT.unexplained,
};

export const PHASE_TEXT: Readonly<Record<PhaseName, string>> = { warmup: 'warm-up', steady: 'steady', cooldown: 'cool-down' };

export const KIND_TEXT: Readonly<Record<Operation['kind'], string>> = {
  F: 'forward',
  B: 'backward',
  W: 'backward of weights',
};

export const PATH_TEXT: Readonly<Record<CopyPair['path'], string>> = {
  nvlink: 'NVLink',
  pcie: 'PCIe',
  staged: 'through the host',
  unknown: 'not known',
};

/** A label is text from a trace; longer than this, it would push everything else out of tables and headings. */
const LABEL = 40;

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** What a schedule is called in headings and tables. */
export function scheduleName({ name, label, candidates }: Schedule): string {
  const text = candidates?.map(c => SCHEDULE_TEXT[c.name]).join(' or ') ?? SCHEDULE_TEXT[name];
  if (label === null || [name, text].some(said => bare(said) === bare(label))) return text;
  const letters = [...label];
  return `${text} “${letters.length > LABEL ? `${letters.slice(0, LABEL).join('').trim()}…` : label}”`;
}

export const shape = ({ p, m, v }: Schedule) => (m === 0 ? `p = ${p}` : `p = ${p}, m = ${m}, v = ${v}`);

/** A device by its position in the pipeline. */
export const deviceAt = ({ bubble }: Schedule, rank: number) => bubble.find(b => b.stage === rank)?.device ?? `position ${rank}`;

/** Null where nothing was measured. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(v => v !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** The parts of the excess, the rest last and always there: books without it would look closed. */
export function excessParts({ excess }: Schedule): { why: Why; ms: number }[] {
  const sum = (why: Why) => excess.filter(e => e.why === why).reduce((total, e) => total + e.ms, 0);
  const named = [...new Set(excess.map(e => e.why))].filter(why => why !== 'unexplained');
  const parts = named.map(why => ({ why, ms: sum(why) })).filter(part => part.ms !== 0);
  return [...parts.toSorted((a, b) => b.ms - a.ms), { why: 'unexplained', ms: sum('unexplained') }];
}

/** What the program's own marks of the phases say, a schedule a line; empty where it made none. */
export const phaseMarks = ({ schedules }: Pipeline): string[] =>
  schedules.flatMap(s => {
    const marks = s.phase_marks ?? null;
    if (marks === null) return [];
    const name = scheduleName(s);
    return marks.disagree === 0
      ? [`${name}: the program’s marks of the phases say the same of all ${plain(marks.operations)} operations.`]
      : [
          `${name}: the program marks ${plain(marks.disagree)} of ${plain(marks.operations)} operations otherwise: ${marks.examples.join('; ')}.`,
        ];
  });

/** A share of a whole; null where there is no whole to share. */
export const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : null);

export const times = (speedup: number) => `${factor(speedup)}×`;

/** Causes of late ranks come as text: a cause of ours, or what somebody else calls it. */
export function asCause(text: string): CauseOrRest | null {
  const parsed = CauseOrRest.safeParse(text);
  return parsed.success ? parsed.data : null;
}

export function causeWords(text: string): string {
  const cause = asCause(text);
  return cause === null ? text : CAUSE_TEXT[cause].title;
}

/** Without requests, the paragraph at the top is about nothing else, and would be read twice. */
export const saidAbove = (report: Report, answer: string) => parallelOnly(report) && report.answer.includes(answer);

/** A report of training or a benchmark: there are no requests, so its key numbers are those of the steps, the pipeline or the collectives. */
export const parallelOnly = ({ requests, training, pipeline, collectives }: Report) =>
  requests === null && (training !== null || pipeline !== null || collectives !== null);
