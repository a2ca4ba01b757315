import { count, ms, percent, plain } from '#core/format/numbers';
import type { Training } from '#schema/training';
import { asCause, causeWords } from '../parallel/wording.ts';
import { fact } from './fact.ts';
import { causeMark } from './legend.ts';
import { type Html, html, NOTHING } from './tag.ts';

function length({ ranks }: Training): Html {
  const [first] = ranks;
  if (first === undefined) return NOTHING;
  return fact('Training step', ms(first.median_ms), `median of ${first.rank}; p99 ${ms(first.p99_ms)}, ${count(first.steps, 'step')}`);
}

function slow({ slow: all, excess_ms, ranks }: Training): Html {
  if (ranks.some(r => r.limit_ms === null)) return fact('Slow steps', 'not known', 'too few steps tell what is usual');
  return fact(
    'Slow steps',
    plain(all.length),
    all.length === 0 ? 'none took longer than the noise' : `${ms(excess_ms)} longer than usual, together`,
  );
}

function topCause({ books }: Training): Html {
  const [top] = books;
  if (top === undefined) return NOTHING;
  const cause = asCause(top.cause);
  const mark = cause === null ? NOTHING : causeMark(cause);
  return fact(
    'Top cause',
    html`${mark}${causeWords(top.cause)}`,
    `${percent(top.share)} of the time lost${top.subject === '' ? '' : `: ${top.subject}`}`,
  );
}

function unexplained({ books, slow: all }: Training): Html {
  if (all.length === 0) return NOTHING;
  const rest = books.find(b => b.cause === 'unexplained');
  return fact('Unexplained', percent(rest?.share ?? 0), `${ms(rest?.excess_ms ?? 0)} of the time lost`);
}

function use({ utilisation, tokens_per_second }: Training): Html {
  const tokens =
    tokens_per_second === null ? NOTHING : fact('Tokens per second', plain(tokens_per_second), 'over all steps, slow ones too');
  if (utilisation === null) return tokens;
  return html`${fact('Model FLOP utilisation', percent(utilisation.mean_share), utilisation.peak)}${tokens}`;
}

/** Key numbers of a training. */
export const trainingFacts = (training: Training): Html =>
  html`${length(training)}${slow(training)}${topCause(training)}${unexplained(training)}${use(training)}`;
