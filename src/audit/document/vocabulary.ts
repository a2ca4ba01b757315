import type { Quantity, Statement } from '#audit/statement';
import { decimals } from '#core/math/round';

/** What a heading or a label says that its number is. */
export interface Meaning {
  readonly quantity: Quantity;
  readonly of: string;
  readonly statistic: string | number | null;
  readonly role: Statement['role'];
  /** From the unit that the label names to the one that is kept; undefined where the number must bring its own. */
  readonly factor: number | undefined;
  /** Set, not measured: the digits are meant as they stand. */
  readonly exact: boolean;
}

interface Unit {
  readonly pattern: string;
  readonly factor: number;
}
const unit = (pattern: string, factor = 1): Unit => ({ pattern, factor });

/** Spellings of the units, with the factor to the one that is kept. */
const TIME = [
  unit('ms|milliseconds?', 1e-3),
  unit('µs|μs|us|microseconds?', 1e-6),
  unit('s|sec|secs|seconds?'),
  unit('min|mins|minutes?', 60),
  unit('h|hours?', 3600),
];
const LATENCY = TIME.map(u => unit(u.pattern, u.factor * 1e3));
const UNITS: Readonly<Partial<Record<Quantity, readonly Unit[]>>> = {
  duration_s: TIME,
  latency_ms: LATENCY,
  output_tokens_per_s: [unit(String.raw`(?:tok|toks|tokens?)\s?(?:/|per)\s?(?:s|sec|second)`)],
  requests_per_s: [unit(String.raw`(?:qps|rps|(?:req|reqs|requests?|queries)\s?(?:/|per)\s?(?:s|sec|second))`)],
  tokens_per_joule: [unit(String.raw`(?:tok|toks|tokens?)\s?(?:/|per)\s?(?:j|joule)`)],
  power_mean_w: [unit('kw|kilowatts?', 1e3), unit('w|watts?')],
  energy_j: [unit('kwh', 3.6e6), unit('wh', 3600), unit('mj', 1e6), unit('kj', 1e3), unit('j|joules?')],
  p2p_gb_per_s: [unit(String.raw`gb/s|gbps|gb\s?per\s?s(?:ec)?`)],
  all_reduce_gb_per_s: [unit(String.raw`gb/s|gbps|gb\s?per\s?s(?:ec)?`)],
  bubble_share: [unit('%', 0.01)],
  activation_growth: [unit('%', 0.01)],
  peak_share: [unit('%', 0.01)],
  tflops: [unit('tflops?(?:/s)?|teraflops?'), unit('pflops?(?:/s)?', 1e3)],
};

/** All spellings of a quantity's unit, as one pattern. */
export const unitPattern = (quantity: Quantity): string => (UNITS[quantity] ?? []).map(u => u.pattern).join('|');
/** The factor of a spelling; undefined for one that is not the quantity's. */
export const factorOf = (quantity: Quantity, spelling: string): number | undefined =>
  (UNITS[quantity] ?? []).find(u => new RegExp(`^(?:${u.pattern})$`, 'i').test(spelling.trim()))?.factor;

interface Word {
  readonly pattern: RegExp;
  readonly quantity: Quantity;
  readonly role?: Statement['role'];
  /** Counts need no unit; others take it from the label or from the number. */
  readonly isCount?: boolean;
}
/** Words of labels, the specific before the general. Latencies are read apart, by their statistic. */
const WORDS: readonly Word[] = [
  {
    pattern: /\bcost\b.*\b(?:1\s?M|million)\b.*\btok|\$\s?(?:\/|per)\s?(?:1\s?M|million)\s?tok/i,
    quantity: 'usd_per_million_tokens',
    isCount: true,
  },
  {
    pattern: /\b(?:target|requested|offered|asked)\b.*\b(?:qps|rps|request rate|requests?\s?\/\s?s)|^(?:request[ _]rate|offered load)\b/i,
    quantity: 'requested_rate',
    role: 'setting',
    isCount: true,
  },
  {
    pattern: /\b(?:qps|rps)\b|\breq(?:uest)?s?\s?(?:\/|per)\s?s(?:ec(?:ond)?)?\b|^request throughput\b/i,
    quantity: 'requests_per_s',
    isCount: true,
  },
  { pattern: /\btok(?:en)?s?\s?(?:\/|per)\s?j(?:oule)?\b/i, quantity: 'tokens_per_joule', isCount: true },
  { pattern: /^total\b.*\btok(?:en)?s?\s?(?:\/|per)\s?s(?:ec(?:ond)?)?\b/i, quantity: 'total_tokens_per_s', isCount: true },
  { pattern: /\btok(?:en)?s?\s?(?:\/|per)\s?s(?:ec(?:ond)?)?\b/i, quantity: 'output_tokens_per_s', isCount: true },
  { pattern: /^(?:output )?throughput\b/i, quantity: 'output_tokens_per_s' },
  { pattern: /^(?:max(?:imum)? )?(?:request )?concurren(?:cy|t requests)\b/i, quantity: 'concurrency', role: 'setting', isCount: true },
  { pattern: /^(?:completed|successful)(?: requests?)?$/i, quantity: 'completed', isCount: true },
  { pattern: /^(?:requests? )?failed(?: requests?)?$/i, quantity: 'failed', isCount: true },
  { pattern: /^(?:sent|total|num(?:ber of)?)(?: requests?| prompts?)(?: sent)?$|^requests? sent$/i, quantity: 'sent', isCount: true },
  { pattern: /^(?:total )?(?:output|generated) tokens$|^tokens generated$/i, quantity: 'output_tokens', isCount: true },
  { pattern: /^(?:total )?(?:input|prompt) tokens$/i, quantity: 'input_tokens', isCount: true },
  { pattern: /^(?:gpus|(?:number of|num) gpus|gpu count)$/i, quantity: 'gpus', role: 'setting', isCount: true },
  { pattern: /^(?:avg|average|mean)\b.*\bpower\b|^power(?: draw)?\s?(?:\(|$)/i, quantity: 'power_mean_w' },
  { pattern: /^(?:total )?energy\b(?! per)/i, quantity: 'energy_j' },
  { pattern: /^(?:(?:pipeline )?bubble)\b/i, quantity: 'bubble_share' },
  { pattern: /^(?:benchmark )?duration\b|^elapsed\b|^run ?time\b/i, quantity: 'duration_s' },
];
/** Rates of a part: of the prompts, of one GPU or user, of the best second. */
const OF_A_PART =
  /\b(?:input|prompt|prefill|peak|max|min)\b.*(?:\/|per)\s?s|\b(?:per|\/)\s?(?:gpu|user|request|stream|device)\b|\/(?:gpu|user)/i;

const METRICS: readonly (readonly [RegExp, string])[] = [
  [/\bttft\b|time to first token/i, 'ttft'],
  [/\btpot\b|time per output token/i, 'tpot'],
  [/\bitl\b|inter[- ]token/i, 'itl'],
  [/\bqueue|\bhand-?off|\bstorage|\bdisk|\bnetwork/i, ''],
  [/\be2e|end[- ]to[- ]end|latency|response time|^p\d/i, 'e2e'],
];
const STATISTIC =
  /\b(?:p(?<p>\d{2}(?:\.\d+)?|99\.\d+)|(?<nth>\d{2}(?:\.\d+)?)(?:th|st|nd|rd) percentile|(?<word>median|mean|average|avg|max(?:imum)?|min(?:imum)?))\b/i;

/** The statistic of a latency label, and of which latency. */
export function latencyWords(label: string): { readonly of: string; readonly statistic: string | number } | undefined {
  const of = METRICS.find(([pattern]) => pattern.test(label))?.[1];
  const found = STATISTIC.exec(label)?.groups;
  if (of === undefined || of === '' || found === undefined) return undefined;
  const q = found['p'] ?? found['nth'];
  if (q !== undefined) return { of, statistic: decimals(Number(q) / 100, 8) };
  const word = (found['word'] ?? '').toLowerCase();
  return { of, statistic: word === 'median' ? 0.5 : word.startsWith('m') && !word.startsWith('mea') ? word.slice(0, 3) : 'mean' };
}

/** The unit that a label names in brackets, or after its words: "Power (kW)", "p99 TTFT ms". */
function labelFactor(label: string, quantity: Quantity): number | undefined {
  const bracket = /[([](?<unit>[^)\]]+)[)\]]/.exec(label)?.groups?.['unit'] ?? /\s(?<unit>[a-zµμ/]+)$/i.exec(label)?.groups?.['unit'];
  return bracket === undefined ? undefined : factorOf(quantity, bracket);
}

/** What a table's heading or a label means; undefined where no word of it is known. */
export function meaningOf(label: string): Meaning | undefined {
  const text = label.replace(/[*_`]/g, c => (c === '_' ? ' ' : '')).trim();
  const latency = latencyWords(text);
  if (latency !== undefined)
    return { quantity: 'latency_ms', ...latency, role: 'result', factor: labelFactor(text, 'latency_ms'), exact: false };
  const word = WORDS.find(w => w.pattern.test(text));
  if (word === undefined || OF_A_PART.test(text)) return undefined;
  const isSet = word.role === 'setting' || word.quantity === 'duration_s';
  const factor = word.isCount === true ? 1 : labelFactor(text, word.quantity);
  return { quantity: word.quantity, of: '', statistic: null, role: word.role ?? 'result', factor, exact: isSet };
}
