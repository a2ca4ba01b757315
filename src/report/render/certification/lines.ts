import { bytes, percent, plain } from '#core/format/numbers';
import type { Certification, CertifiedFigure } from '#schema/certification';
import { VERDICT } from './listings.ts';

/** From the least to the most of some, one where both read the same. */
const span = (values: readonly number[], text: (value: number) => string): string => {
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
};

const KIND: Readonly<Record<CertifiedFigure['what'], string>> = {
  matmul: 'products',
  'host-copy': 'copies to and from the host',
  'peer-copy': 'copies between GPUs',
  'device-copy': 'copies within a GPU',
  collective: 'collectives',
  latency: 'latencies',
  burn: 'gpu_burn',
  check: 'checks',
};

/** Figures of one kind and verdict as one line: hundreds of pairs would hide the few that matter. */
function kindLines(figures: readonly CertifiedFigure[]): string[] {
  const kinds = new Map<string, CertifiedFigure[]>();
  for (const f of figures) {
    const key = JSON.stringify([
      f.verdict,
      f.what,
      f.what === 'collective' ? f.test : f.precision,
      f.subject.includes('↔'),
      f.unit,
      f.peak === null ? f.reason : '',
    ]);
    kinds.set(key, [...(kinds.get(key) ?? []), f]);
  }
  return [...kinds.values()].flatMap(same => {
    const [first] = same;
    if (first === undefined) return [];
    const name = [KIND[first.what], first.what === 'collective' ? first.test : (first.precision ?? '')].filter(w => w !== '').join(', ');
    const ways = first.subject.includes('↔') ? ', both ways' : '';
    const shares = same.flatMap(f => f.share ?? []);
    const share = shares.length === 0 ? '' : `, ${span(shares, percent)} of the peak`;
    const why = first.verdict === 'not-judged' && same.every(f => f.reason === first.reason) ? ` (${first.reason})` : '';
    return [
      `${VERDICT[first.verdict]}  ${name}${ways} (${same.length}): ${span(
        same.map(f => f.value),
        plain,
      )} ${first.unit}${share}${why}`,
    ];
  });
}

const named = (f: { readonly subject: string; readonly test: string; readonly precision: string | null }) =>
  [f.subject, f.test, ...(f.precision === null ? [] : [f.precision])].join(' ');

/** A certification for a terminal: the answer, each thing that is wrong, what was reached in short, what cannot be told. */
export function certificationLines(c: Certification): string[] {
  const bad = <T extends { readonly verdict: string }>(all: readonly T[]) => all.filter(x => x.verdict === 'fail' || x.verdict === 'warn');
  return [
    c.answer,
    '',
    ...c.failed_checks.map(f => `fail  ${f.subject} ${f.test}: ${f.detail}`),
    ...bad(c.figures).map(f => `${VERDICT[f.verdict]}  ${named(f)}: ${plain(f.value)} ${f.unit}. ${f.reason}`),
    ...[...bad(c.odd), ...bad(c.history)].map(o => `${VERDICT[o.verdict]}  ${named(o)}: ${plain(o.value)} ${o.unit}. ${o.reason}`),
    ...kindLines(c.figures.filter(f => f.verdict === 'pass' || f.verdict === 'not-judged')),
    ...c.knees.map(k => `knee  ${k.subject} ${k.test}: half of the bandwidth from ${bytes(k.half_bytes)} on`),
    ...c.state.filter(s => s.reasons.length > 0).map(s => `note  GPU ${s.gpu}: clocks were lowered by ${s.reasons.join(', ')}`),
    ...c.cannot_tell.map(line => `not known  ${line}`),
  ];
}
