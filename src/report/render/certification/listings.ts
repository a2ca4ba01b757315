import { bytes, percent, plain, us, watts } from '#core/format/numbers';
import type { Certification, CertVerdict } from '#schema/certification';
import { type Listing, listing } from '../parallel/listing.ts';

/** A verdict in a word. */
export const VERDICT: Readonly<Record<CertVerdict, string>> = { pass: 'pass', warn: 'warn', fail: 'fail', 'not-judged': 'not judged' };

const NONE = '–';
const known = <T>(value: T | null, text: (value: T) => string) => (value === null ? NONE : text(value));
const amount = (value: number, unit: string) => `${plain(value)} ${unit}`.trim();
/** A test, with the precision where it has one. */
const testOf = ({ test, precision }: { readonly test: string; readonly precision: string | null }) =>
  precision === null ? test : `${test} ${precision}`;

export const figures = ({ figures: all }: Certification): Listing =>
  listing('What was reached, the worst first', all, [
    { head: 'Verdict', text: f => VERDICT[f.verdict] },
    { head: 'Of', text: f => f.subject },
    { head: 'Test', text: testOf },
    { head: 'Size', text: f => known(f.bytes, bytes), numeric: true },
    { head: 'Reached', text: f => amount(f.value, f.unit), numeric: true },
    { head: 'Published', text: f => known(f.peak, peak => amount(peak, f.unit)), numeric: true },
    { head: 'Share', text: f => known(f.share, percent), numeric: true },
    { head: 'Why', text: f => f.reason, prose: true },
  ]);

export const knees = ({ knees: all }: Certification): Listing =>
  listing('Where latency ends and bandwidth begins', all, [
    { head: 'Of', text: k => k.subject },
    { head: 'Test', text: k => k.test },
    { head: 'Latency', text: k => us(k.latency_us), numeric: true },
    { head: 'Bandwidth', text: k => amount(k.bandwidth_gb_s, 'GB/s'), numeric: true },
    { head: 'Half of it from', text: k => bytes(k.half_bytes), numeric: true },
    { head: '95 %', text: k => known(k.half_bytes_ci, ([low, high]) => `${bytes(low)} to ${bytes(high)}`), numeric: true },
    { head: 'Sizes', text: k => plain(k.sizes), numeric: true },
  ]);

export const odd = ({ odd: all }: Certification): Listing =>
  listing('GPUs and pairs that are behind others', all, [
    { head: 'Verdict', text: o => VERDICT[o.verdict] },
    { head: 'Of', text: o => o.subject },
    { head: 'Test', text: testOf },
    { head: 'Reached', text: o => amount(o.value, o.unit), numeric: true },
    { head: 'Others', text: o => amount(o.median, o.unit), numeric: true },
    { head: 'Why', text: o => o.reason, prose: true },
  ]);

export const failedChecks = ({ failed_checks }: Certification): Listing =>
  listing('Checks that failed', failed_checks, [
    { head: 'Of', text: f => f.subject },
    { head: 'Check', text: f => f.test },
    { head: 'What it says', text: f => f.detail, prose: true },
  ]);

export const state = ({ state: all }: Certification): Listing =>
  listing('GPUs during the tests', all, [
    { head: 'GPU', text: s => plain(s.gpu), numeric: true },
    { head: 'SM clock', text: s => known(s.sm_clock_mhz, ([low, high]) => `${plain(low)} to ${plain(high)} MHz`), numeric: true },
    { head: 'Hottest', text: s => known(s.temperature_c, t => `${plain(t)} °C`), numeric: true },
    { head: 'Most power', text: s => known(s.power_w, watts), numeric: true },
    { head: 'Clocks were lowered by', text: s => (s.reasons.length === 0 ? 'nothing' : s.reasons.join(', ')), prose: true },
  ]);

export const history = ({ history: all }: Certification): Listing =>
  listing('Against earlier runs', all, [
    { head: 'Verdict', text: e => VERDICT[e.verdict] },
    { head: 'Of', text: e => e.subject },
    { head: 'Test', text: testOf },
    { head: 'Now', text: e => amount(e.value, e.unit), numeric: true },
    { head: 'Earlier', text: e => amount(e.median, e.unit), numeric: true },
    { head: 'Why', text: e => e.reason, prose: true },
  ]);

/** Where the published peaks stand. */
export const sources = ({ figures: all }: Certification): readonly string[] => [...new Set(all.flatMap(f => f.peak_source ?? []))];
