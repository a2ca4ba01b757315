import { count, ms, percent, plain } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { Training } from '#schema/training';
import { markWords, sureWords, utilisationWords } from './wording.ts';

const title = (cause: Book['cause']) => CAUSE_TEXT[cause].title.toLowerCase();

type Rest = Omit<Training, 'answer'>;
type Book = Training['books'][number];

/** Where the ranks are alike the first speaks for all. */
function lengths({ ranks, lockstep, by }: Rest): string {
  const [first] = ranks;
  if (first === undefined) return '';
  if (by === 'pipeline-iterations')
    return ranks.map(r => `${count(r.steps, 'iteration')} of ${r.rank} took ${ms(r.median_ms)} each (median)`).join('; ');
  const most = Math.max(...ranks.map(r => r.steps));
  const who = ranks.length === 1 ? '' : lockstep ? ` of ${ranks.length} ranks in lockstep` : ` of each of ${ranks.length} ranks`;
  return `A training step took ${ms(first.median_ms)} (median of ${plain(most)}${who}; p90 ${ms(first.p90_ms)}, p99 ${ms(first.p99_ms)})`;
}

/** One cause of slow steps: for how long, in how many, on which ranks, and what it was about. */
export function bookWords({ cause, steps, excess_ms, subject, ranks }: Book, several: boolean): string {
  const where = [several ? ranks.join(' and ') : '', subject].filter(s => s !== '').join(': ');
  const much = steps === 0 ? ms(excess_ms) : `${ms(excess_ms)} in ${count(steps, 'step')}`;
  return `${title(cause)} ${much}${where === '' ? '' : ` (${where})`}`;
}

function slowWords({ slow, books, excess_ms, ranks }: Rest): string {
  if (slow.length === 0) return ranks.every(r => r.limit_ms === null) ? '' : 'No step took longer than the noise of the steps explains.';
  const rest = books.find(b => b.cause === 'unexplained');
  const named = books.filter(b => b.cause !== 'unexplained' && b.steps > 0).map(b => bookWords(b, ranks.length > 1));
  const said = named.length === 0 ? '' : `: ${named.join('; ')}`;
  return `${count(slow.length, 'step')} ${slow.length === 1 ? 'was' : 'were'} slow, by ${ms(excess_ms)} in all${said}. ${(rest?.share ?? 0) < 0.005 ? 'All of it has a cause.' : `${percent(rest?.share ?? 0)} of it is unexplained.`}`;
}

/** The paragraph on the steps of a training. */
export function trainingAnswer(t: Rest): string {
  if (t.by === null) return `This is a training, but no steps were found in it: ${t.cannot_tell[0] ?? 'nothing repeats'}`;
  const how =
    t.sure === null || t.by === 'pipeline-iterations'
      ? ''
      : ` Steps are told apart by ${markWords({ by: t.by, mark: t.mark })} (${sureWords({ sure: t.sure, alike: t.alike_share })}).`;
  const tokens = t.tokens_per_second === null ? '' : `${plain(t.tokens_per_second)} tokens per second over all steps.`;
  const used = t.utilisation === null ? '' : utilisationWords(t.utilisation);
  return [`${lengths(t)}.${how}`, slowWords(t), tokens, used].filter(s => s !== '').join(' ');
}
