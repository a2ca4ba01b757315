import { percent, plain } from '#core/format/numbers';
import type { Certification, CertifiedFigure, CertVerdict } from '#schema/certification';
import { notMeasured, type RowVerdict, row, type SectionOf } from '../documents.ts';

const VERDICT: Readonly<Record<CertVerdict, RowVerdict>> = { pass: 'pass', warn: 'warn', fail: 'fail', 'not-judged': 'not-measured' };
const WHAT: Readonly<Record<CertifiedFigure['what'], string>> = {
  ...{ matmul: 'matrix products', 'host-copy': 'copies to and from the host', 'peer-copy': 'copies between GPUs' },
  ...{ 'device-copy': 'copies within a GPU', collective: 'collectives', latency: 'latency', burn: 'gpu_burn', check: 'checks' },
};
const GRAVITY: readonly CertVerdict[] = ['fail', 'warn', 'not-judged', 'pass'];

/** Of each kind of test the figure that comes off worst. */
function worst(figures: readonly CertifiedFigure[]): readonly CertifiedFigure[] {
  const kinds = [...new Set(figures.map(f => f.what))];
  return kinds.flatMap(
    kind =>
      figures
        .filter(f => f.what === kind)
        .toSorted((a, b) => GRAVITY.indexOf(a.verdict) - GRAVITY.indexOf(b.verdict) || (a.share ?? 9) - (b.share ?? 9))[0] ?? [],
  );
}

const ofFigure = (source: string, f: CertifiedFigure) =>
  row(`${WHAT[f.what]}: ${f.test}${f.precision === null ? '' : ` ${f.precision}`}, ${f.subject}`, VERDICT[f.verdict], {
    figure: `${plain(f.value)} ${f.unit}${f.share === null ? '' : `, ${percent(f.share)}`}`,
    ...{ value: f.value, unit: f.unit, source, reason: f.reason },
    limit: f.peak === null ? null : `${plain(f.peak)} ${f.unit} published`,
  });

const others = (source: string, { failed_checks, odd, history }: Certification) => [
  ...failed_checks.map(c =>
    row(`${c.subject}: ${c.test}`, 'fail' as const, { figure: 'failed', limit: 'passed', source, reason: c.detail }),
  ),
  ...odd.map(o =>
    row(`${o.test}, ${o.subject}, beside its peers`, VERDICT[o.verdict], {
      ...{ figure: `${plain(o.value)} ${o.unit}`, value: o.value, unit: o.unit, limit: `${plain(o.median)} ${o.unit}, their median` },
      ...{ source, reason: o.reason },
    }),
  ),
  ...history.map(e =>
    row(`${e.test}, ${e.subject}, beside earlier runs`, VERDICT[e.verdict], {
      ...{ figure: `${plain(e.value)} ${e.unit}`, value: e.value, unit: e.unit, limit: `${plain(e.median)} ${e.unit}, their median` },
      ...{ source, reason: e.reason },
    }),
  ),
];

/** What the machine reaches of what is published, of its peers and of its past. */
export const physics: SectionOf = ({ certifications }) => ({
  rows:
    certifications.length === 0
      ? [notMeasured('products, copies and collectives', 'physics: true in the plan, or forensics certify --run, measures them')]
      : certifications.flatMap(({ source, data }) => [...worst(data.figures).map(f => ofFigure(source, f)), ...others(source, data)]),
  figures: [],
});
