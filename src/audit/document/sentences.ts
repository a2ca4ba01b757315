import { MACHINES } from '#audit/machines';
import { exactStatement, type Frame, type Quantity, type Statement } from '#audit/statement';
import { NUMBER, writtenNumber } from '#audit/written-number';
import { claimsOf } from './claims.ts';
import { factorOf, latencyWords, unitPattern } from './vocabulary.ts';

const MODELS = MACHINES.map(m => m.name.source.replaceAll('\\b', '')).join('|');
const COUNT_WORDS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, eight: 8 };
/** What may, should or would be is not said to be. */
const HYPOTHETICAL = /\b(?:can|could|may|might|should|would|if|unless|when forced|typical(?:ly)?|targets?|goal)\b/i;

interface Pattern {
  readonly quantity: Quantity;
  readonly pattern: RegExp;
  readonly role: Statement['role'];
}
const stated = (quantity: Quantity, before = '', after = ''): Pattern => ({
  quantity,
  pattern: new RegExp(
    `${before}${NUMBER}\\s*(?<unit>${unitPattern(quantity)})(?![\\w/])(?!\\s*(?:per|\\/)\\s*(?:gpu|user|request|stream|device))${after}`,
    'gi',
  ),
  role: 'result',
});
/** Numbers that their unit alone explains, or the words before them. */
const STATED: readonly Pattern[] = [
  stated('output_tokens_per_s'),
  stated('tokens_per_joule'),
  stated('bubble_share', String.raw`\bbubbles?(?:\s(?:time|share|fraction|overhead))?[^.;,\d%]{0,25}?`),
  stated('latency_ms', String.raw`(?<label>\bp\d{2}(?:\.\d+)?(?:\s[a-z]+)?)[^.;,|\d]{0,12}?`),
];

/** Of the prompts, which are not what a model makes. */
const OF_PROMPTS = /\b(?:input|prompt|prefill)\s(?:tok|through)/i;

/** Settings: the digits are meant as they stand. */
const SET: readonly { readonly quantity: Quantity; readonly pattern: RegExp }[] = [
  { quantity: 'ranks', pattern: /--nproc[_-]per[_-]node[= ](?<n>\d+)/g },
  { quantity: 'requested_rate', pattern: /--(?:target-qps|qps|request-rate|rps)[= ](?<n>\d+(?:\.\d+)?)/g },
  { quantity: 'max_new_tokens', pattern: /--max-(?:new-)?tokens[= ](?<n>\d+)/g },
  { quantity: 'max_prompt_tokens', pattern: /--(?:prompt-len-max|max-input-len)[= ](?<n>\d+)/g },
  { quantity: 'microbatches', pattern: /\b(?<n>\d+) micro-?batches\b/gi },
  {
    quantity: 'virtual_stages',
    pattern: /\b(?<n>\d+|two|three|four) virtual stages\b|\bvirtual stages per (?:rank|gpu|device): (?<n2>\d+)/gi,
  },
  { quantity: 'electricity_usd_per_kwh', pattern: /\$(?<n>\d+(?:\.\d+)?)\s?(?:\/|per)\s?kWh/g },
  { quantity: 'links_per_pair', pattern: /\bNV(?<n>\d+) mesh\b/g },
];
const MACHINE = new RegExp(`\\b(?:(?<n>\\d+)\\s?[x×]\\s?|on (?<word>an?|one) (?:single )?)(?:NVIDIA )?(?<model>${MODELS})`, 'gi');
const LINKS_UP = /fully enabled|\bfull nvlink\b/i;
const GENERATED = new RegExp(`\\b(?<tokens>\\d[\\d,]*) tokens in ${NUMBER}\\s?s\\b`, 'i');

const numberOf = (groups: Readonly<Record<string, string | undefined>> | undefined): number => {
  const text = groups?.['n'] ?? groups?.['n2'] ?? groups?.['word'] ?? '';
  return COUNT_WORDS[text.toLowerCase()] ?? Number(text);
};

function statedIn(text: string, frame: Frame): Statement[] {
  if (HYPOTHETICAL.test(text) || OF_PROMPTS.test(text)) return [];
  return STATED.flatMap(({ quantity, pattern, role }) =>
    [...text.matchAll(pattern)].flatMap(match => {
      const groups = match.groups ?? {};
      // The end of a range, "1.2–1.3", is no number of its own.
      if (/[\d.][–—-]$/.test(text.slice(0, match.index)) || /\d[–—-]\d/.test(match[0])) return [];
      const factor = factorOf(quantity, groups['unit'] ?? '');
      const number = factor === undefined ? undefined : writtenNumber(groups, factor, false);
      const words = quantity === 'latency_ms' ? latencyWords(groups['label'] ?? '') : { of: '', statistic: null };
      if (number === undefined || words === undefined) return [];
      const { value, lower, upper } = number;
      return [exactStatement({ ...frame, role }, quantity, value, { ...words, lower, upper, text: match[0].trim() })];
    }),
  );
}

/** What is longer is data in one line: patterns would take long over it and find nothing. */
export const LONGEST_SENTENCE = 1000;

/** What a sentence, a heading or a cell says in words and units that leave no doubt. */
export function statementsOfSentence(sentence: string, frame: Frame): Statement[] {
  if (sentence === '' || sentence.length > LONGEST_SENTENCE) return [];
  const text = sentence.replace(/[*`]/g, '');
  const setting = { ...frame, role: 'setting' } as const;
  const made = GENERATED.exec(text)?.groups;
  const time = made === undefined ? undefined : writtenNumber(made, 1, false);
  return [
    ...statedIn(text, frame),
    ...(HYPOTHETICAL.test(text) ? [] : claimsOf(text, frame)),
    ...flagsIn(text, frame),
    ...[...text.matchAll(MACHINE)].map(m => {
      const model = MACHINES.find(machine => machine.name.test(m.groups?.['model'] ?? ''))?.model ?? '';
      return exactStatement(setting, 'gpus', numberOf(m.groups), { of: model, text: m[0] });
    }),
    ...(LINKS_UP.test(text) ? [exactStatement(setting, 'links_full', 1, { text: LINKS_UP.exec(text)?.[0] ?? '' })] : []),
    ...(made === undefined || time === undefined
      ? []
      : [
          exactStatement(frame, 'output_tokens', Number(made['tokens']?.replaceAll(',', ''))),
          exactStatement(frame, 'duration_s', time.value, { lower: time.lower, upper: time.upper }),
        ]),
  ];
}

/** Settings as commands and people write them. */
export function flagsIn(text: string, frame: Frame): Statement[] {
  if (text.length > LONGEST_SENTENCE) return [];
  return SET.flatMap(({ quantity, pattern }) =>
    [...text.matchAll(pattern)].map(m => exactStatement({ ...frame, role: 'setting' }, quantity, numberOf(m.groups), { text: m[0] })),
  );
}
