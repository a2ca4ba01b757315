import { exactStatement, type Frame, type Statement } from '#audit/statement';
import { NUMBER, writtenNumber } from '#audit/written-number';

/** A ratio or a range of ratios: "improves 1.2–1.3× vs. 1F1B". The whole range is claimed. */
const GAIN =
  /\b(?:throughput|tok(?:ens?)?\/s|speed)\b[^.;\d]{0,40}?(?<low>\d\.\d+)(?:\s?[–—-]\s?(?<high>\d\.\d+))?\s?[×x](?![\w])(?:[^.;]{0,20}?\b(?:vs\.?|versus|over|than|compared (?:to|with))\s(?<other>[\w-]+))?/gi;
const MORE_MEMORY = new RegExp(String.raw`${NUMBER}\s*%\s(?:higher|more|larger|extra|additional)\s(?:peak\s)?activation memory`, 'gi');
const LINKS_OF_GPU = /\b(?<n>\d+)\s(?:nv)?links?\s?(?:\/|per)\s?gpu\b/gi;
const PRODUCTS = new RegExp(String.raw`${NUMBER}\s*(?<unit>TFLOPS?(?:/s)?|PFLOPS?(?:/s)?)(?![\w/])(?:\s?\((?<shape>[^)]{1,60})\))?`, 'gi');
const OF_PEAK = new RegExp(String.raw`${NUMBER}\s*%\sof\s(?:the\s)?(?:theoretical\s|published\s)?peak\b`, 'gi');
const PRECISION = /\b(?:bf16|bfloat16|fp16|float16|fp8|float8|fp64|float64|fp32|float32|tf32)\b/i;
const FULL_NAMES: Readonly<Record<string, string>> = { bf16: 'bfloat16', fp16: 'float16', fp8: 'float8', fp64: 'float64', fp32: 'float32' };

type Groups = Readonly<Record<string, string | undefined>>;
const number = (groups: Groups, factor: number) => writtenNumber(groups, factor, false);

function shares(text: string, frame: Frame, pattern: RegExp, quantity: 'activation_growth' | 'peak_share'): Statement[] {
  return [...text.matchAll(pattern)].flatMap(m => {
    const read = number(m.groups ?? {}, 0.01);
    return read === undefined
      ? []
      : [exactStatement(frame, quantity, read.value, { lower: read.lower, upper: read.upper, text: m[0].trim() })];
  });
}

function products(text: string, frame: Frame): Statement[] {
  return [...text.matchAll(PRODUCTS)].flatMap(m => {
    const groups = m.groups ?? {};
    const read = number(groups, /^p/i.test(groups['unit'] ?? '') ? 1000 : 1);
    const precision = PRECISION.exec(text)?.[0].toLowerCase();
    if (read === undefined || precision === undefined) return [];
    return [
      exactStatement(frame, 'tflops', read.value, {
        of: FULL_NAMES[precision] ?? precision,
        lower: read.lower,
        upper: read.upper,
        text: m[0].trim(),
      }),
    ];
  });
}

/** Half of the last digit of "1.2": what such a number may have been rounded from. */
const HALF_OF_LAST = 0.05;

/** What a sentence or a line claims of schedules, links and peaks, in words that leave no doubt. */
export function claimsOf(text: string, frame: Frame): Statement[] {
  const setting = { ...frame, role: 'setting' } as const;
  return [
    ...[...text.matchAll(GAIN)].map(m => {
      const { low = '', high = low, other = '' } = m.groups ?? {};
      const [lower, upper] = [Number(low) - HALF_OF_LAST, Number(high) + HALF_OF_LAST];
      return exactStatement(frame, 'throughput_gain', Number(low), { of: other, lower, upper, text: m[0].trim() });
    }),
    ...shares(text, frame, MORE_MEMORY, 'activation_growth'),
    ...shares(text, frame, OF_PEAK, 'peak_share'),
    ...products(text, frame),
    ...[...text.matchAll(LINKS_OF_GPU)].map(m => exactStatement(setting, 'links_per_gpu', Number(m.groups?.['n']), { text: m[0] })),
  ];
}
