import { type Board, boardNamed, boardOf } from '#machine/peaks/boards';
import type { CertVerdict } from '#schema/certification';
import type { MeasurementRow } from '#schema/measurement';
import type { FactRow, GpuSeries } from '#schema/relation';
import type { LinksBetween } from './expected.ts';
import type { CertificationFacts, FigureFacts, StateFacts, Unknown } from './facts.ts';
import { figuresOf, type Known } from './figures.ts';
import { againstHistory, type EarlierFigure } from './history.ts';
import { kneesOf } from './knees.ts';
import { oddOnes } from './odd.ts';
import { stateOf } from './state.ts';
import { subjectOf } from './subject.ts';

/** All that is known of one machine. */
export interface Evidence {
  readonly rows: readonly MeasurementRow[];
  readonly samples: readonly GpuSeries[];
  /** How its GPUs are joined. */
  readonly facts: readonly FactRow[];
  readonly history: readonly (readonly EarlierFigure[])[];
  /** Model that the user names. */
  readonly gpu: string | undefined;
}

/** Reasons for a lower clock that is no fault of the workload: all bits of NVML but idle and application clocks. */
const NOT_SLOWED = 0x1 | 0x2;
const WORST: readonly CertVerdict[] = ['fail', 'warn', 'pass', 'not-judged'];

/** @returns the worst of them; of none, nothing was judged */
const worstOf = (verdicts: readonly CertVerdict[]): CertVerdict => WORST.find(v => verdicts.includes(v)) ?? 'not-judged';

function linksIn(facts: readonly FactRow[]): LinksBetween {
  const links = new Map<string, number | 'no-nvlink'>();
  for (const { entity, name, value } of facts) {
    if (name === 'link' && typeof value === 'string' && !value.startsWith('NV')) links.set(entity, 'no-nvlink');
    if (name === 'nvlinks' && typeof value === 'number') links.set(entity, value);
  }
  return pair => links.get(pair);
}

/** Names of the models that files give, each once. There may be millions of readings, so they are passed once. */
function modelsIn({ rows, samples }: Evidence): readonly string[] {
  const names = new Set(rows.flatMap(r => r.gpu_model ?? []));
  for (const series of samples) for (const { name } of series.rows) if (name !== null) names.add(name);
  return [...names];
}

const AREAS = ['matmul', 'peer-copy', 'collective'] as const;

function unknownOf(evidence: Evidence, models: readonly string[], named: Board | undefined, compared: number): Unknown[] {
  const { rows, samples, history } = evidence;
  const strange = named === undefined && (models.length === 0 || models.some(m => boardOf(m) === undefined));
  const gpus = new Set(rows.flatMap(r => [r.from, r.to]).filter(place => place?.startsWith('GPU') === true));
  // With one GPU there is nothing to copy to, and nobody to talk to.
  const several = gpus.size > 1 || rows.some(r => (r.ranks ?? 0) > 1);
  return [
    ...(strange ? [{ what: 'board', models: models.filter(m => boardOf(m) === undefined) } as const] : []),
    ...(named === undefined && models.length > 1 ? [{ what: 'several-models' } as const] : []),
    ...AREAS.filter(of => (of === 'matmul' || several) && !rows.some(r => r.what === of)).map(of => ({ what: 'no-figure', of }) as const),
    ...(compared === 0 ? [{ what: 'peers' } as const] : []),
    ...(samples.length === 0 ? [{ what: 'state' } as const] : []),
    ...(history.length === 0 ? [{ what: 'history' } as const] : []),
  ];
}

/** The worst first, then the smallest share of the peak. */
const byVerdict = (a: FigureFacts, b: FigureFacts): number =>
  WORST.indexOf(a.verdict) - WORST.indexOf(b.verdict) || (a.share ?? Number.POSITIVE_INFINITY) - (b.share ?? Number.POSITIVE_INFINITY);

/** Bits of the reasons that lowered clocks, by GPU. */
const slowedIn = (state: readonly StateFacts[]) => new Map(state.map(s => [s.gpu, s.reasons & ~NOT_SLOWED]));

/** Holds what tests of a machine measured against what is published, against each other, and against its own past. */
export function certify(evidence: Evidence): CertificationFacts {
  const { rows, facts, history } = evidence;
  const models = modelsIn(evidence);
  const named = evidence.gpu === undefined ? undefined : boardNamed(evidence.gpu);
  const state = stateOf(evidence.samples);
  const known: Known = { gpu: named, others: models, linksBetween: linksIn(facts), slowed: slowedIn(state) };
  const figures = figuresOf(rows, known).toSorted(byVerdict);
  const { odd, compared } = oddOnes(rows, known);
  const checks = rows.filter(r => r.what === 'check');
  const failed = checks.filter(r => r.passed === false);
  const passed = checks.filter(r => r.passed === true).length;
  const past = againstHistory(figures, history);
  return {
    verdict: worstOf([
      ...[...figures, ...odd, ...past].map(f => f.verdict),
      ...(failed.length > 0 ? (['fail'] as const) : []),
      // A check that passed says nothing of figures that have no peak to be held against.
      ...(passed > 0 && !figures.some(f => f.why === 'no-board') ? (['pass'] as const) : []),
    ]),
    gpu_model: evidence.gpu ?? (models.length === 1 ? (models[0] ?? null) : null),
    figures,
    knees: kneesOf(rows),
    odd,
    failed_checks: failed.map(r => ({ test: r.test, subject: subjectOf(r), detail: r.detail ?? '' })),
    checks_passed: passed,
    state,
    history: past,
    unknown: unknownOf(evidence, models, named, compared),
  };
}

/** What a run measured, for a later one to be held against. */
export const earlierOf = (rows: readonly MeasurementRow[]): readonly EarlierFigure[] =>
  figuresOf(rows, { gpu: undefined, others: [], linksBetween: () => undefined, slowed: new Map() });
