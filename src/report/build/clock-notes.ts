import { count, ms, msOf, percent, plain, watts } from '#core/format/numbers';
import type { ClockMethod, ClockNote } from '#diagnosis/clock/notes';

const METHOD: Readonly<Record<ClockMethod, string>> = {
  'no-load-test': 'times count from the start of the trace session',
  epoch: 'epoch stamps of the load test against the epoch start of the trace session, same host',
  tokens: 'the times of tokens in the load test matched to the ends of steps in the trace (--align auto)',
  zoneless: 'local times of the load test against the epoch start of the trace session',
  pairs: 'monotonic stamps of the load test, tied to the epoch start of the trace session by pairs of stamps of both clocks',
  told: 'the load test counts from an unknown moment; it was placed as told with --requests-offset-ms',
};

/** The same where the files lie beside one another, and beside no trace. */
const METHOD_UNTRACED: Readonly<Record<ClockMethod, string>> = {
  'no-load-test': 'stamps of the samples against one another',
  epoch: 'epoch stamps of the load test against the stamps of the samples, same host',
  tokens: 'the times of tokens in the load test',
  zoneless: 'local times of the load test against the stamps of the samples',
  pairs: 'monotonic stamps of the load test, tied to the stamps of the samples by pairs of stamps of both clocks',
  told: 'the load test counts from an unknown moment; it was placed as told with --requests-offset-ms',
};

/** How the load test was laid over the trace, or beside the samples where there is none. */
export const clockMethod = (method: ClockMethod, isTraced: boolean): string => (isTraced ? METHOD : METHOD_UNTRACED)[method];

const CHOSEN = {
  'as-given': 'as given',
  'utc-fits': 'assumed to be UTC, which fits',
  'first-that-fits': 'the first offset from UTC that makes it overlap the trace',
} as const satisfies Readonly<Record<Extract<ClockNote, { kind: 'zone' }>['chosen'], string>>;

type NoteOf<K extends ClockNote['kind']> = Extract<ClockNote, { kind: K }>;

function pairsText({ file, pairs, drift_ms }: NoteOf<'pairs'>): string {
  const which = pairs === 1 ? 'a pair' : `${pairs} pairs`;
  const drift = pairs > 1 ? ` (they differ by ${ms(drift_ms)} at most)` : '';
  return `The times in ${file} are monotonic; ${which} of stamps of both clocks placed them${drift}. That holds if both were written on the same host since the same boot.`;
}

function zoneText({ file, hours, chosen, others }: NoteOf<'zone'>): string {
  const zone = hours === 0 ? '' : `${hours > 0 ? '+' : ''}${hours} h`;
  const more = others > 0 ? `; ${others} other offsets would overlap too` : '';
  return `The stamps of ${file} name no zone: taken as UTC${zone} (${CHOSEN[chosen]}${more}).`;
}

function tokensText({ file, score, matched, width, second }: NoteOf<'tokens'>): string[] {
  const next =
    second === undefined
      ? 'no other offset comes near'
      : `the next best offset, ${msOf(second.away)} away, matches ${percent(second.score)}`;
  return [
    `${file} was placed by its own token times: ${percent(score)} of the ends of steps (${plain(matched)}) fall on one another, with a scatter of ${msOf(width)}; ${next}.`,
    'The time from the end of a step to the stamp of its tokens cannot be told from a difference of the clocks and is part of that offset.',
  ];
}

function powerText({ power }: NoteOf<'power'>): string {
  if (power === undefined)
    return 'The assumption about the clock could not be checked against power: the GPU was not both busy and idle for long enough inside the trace.';
  const [busy, idle] = [watts(power.busy_w), watts(power.idle_w)];
  return power.busy_w > power.idle_w
    ? `Checked against the data: power is ${busy} while kernels run and ${idle} while none do.`
    : `Doubtful: power is not higher while kernels run (${busy}) than while none do (${idle}). Check --zone-hours.`;
}

function sentences(note: ClockNote): string[] {
  switch (note.kind) {
    case 'told':
      return [
        `The times in ${note.file} count from an unknown moment; as told, its first request is taken to arrive ${note.offset_ms} ms after the session began.`,
      ];
    case 'pairs':
      return [pairsText(note)];
    case 'zone':
      return [zoneText(note)];
    case 'tokens':
      return tokensText(note);
    case 'left out':
      return [`${note.file} was left out: ${note.why}.`];
    case 'gpus unmatched':
      return [unmatchedText(note)];
    case 'file':
      return [`${note.file}: ${note.text}`];
    case 'power':
      return [powerText(note)];
    case 'ends':
      return [
        `Requests end ${ms(note.median_ms)} (median; spread ${ms(note.spread_ms)}) after a result came back in the trace: a clock error would widen that spread to half a step.`,
      ];
  }
}

/** What a reader should know of how the files came to lie on the trace's clock, a sentence each. */
export const clockSentences = (notes: readonly ClockNote[]): string[] => notes.flatMap(sentences);

/** Numbers alone prove nothing: CUDA numbers GPUs in another order than nvidia-smi. */
function unmatchedText({ file, missing, of }: Extract<ClockNote, { readonly kind: 'gpus unmatched' }>): string {
  const which = missing === of ? `its ${count(of, 'GPU')}` : `${missing} of its ${of} GPUs`;
  return `${file}: nothing tells which of the trace's GPUs ${which} ${missing === 1 ? 'is' : 'are'}, so the samples are not used. Record uuid or pci.bus_id too.`;
}
