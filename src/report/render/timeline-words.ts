import { count, ms, seconds, us } from '#core/format/numbers';
import type { Ms } from '#core/units';
import type { IncidentTimeline, TimelineBar, TimelineTrack } from '#schema/incident-timeline';

export const KIND_TEXT: Readonly<Record<TimelineBar['kind'], string>> = {
  kernel: 'kernel',
  graph: 'CUDA graph',
  copy: 'copy',
  fill: 'fill',
  api: 'CUDA call',
  os: 'operating-system call',
  nvtx: 'NVTX range',
};

const KINDS_TEXT: Readonly<Record<TimelineBar['kind'], string>> = {
  kernel: 'kernels',
  graph: 'CUDA graphs',
  copy: 'copies',
  fill: 'fills',
  api: 'CUDA calls',
  os: 'operating-system calls',
  nvtx: 'NVTX ranges',
};

/** Names out of traces may be longer than a line. */
const LONGEST_NAME = 90;
const cut = (name: string) => (name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`);

/** A length of time, in µs where it is short. */
export const lengthWords = (length: Ms) => (length < 1 ? us(length * 1000) : ms(length));

/** What a bar stands for. */
export const barName = ({ kind, name, operations }: TimelineBar): string =>
  operations === 1
    ? name === null
      ? `${KIND_TEXT[kind]} without a name`
      : cut(name)
    : `${count(operations, 'operation')} merged: ${name === null ? KINDS_TEXT[kind] : cut(name)}`;

/** A bar with its length; of merged operations also how long they ran together. */
export const barWords = (bar: TimelineBar): string => {
  const length = lengthWords(bar.end_ms - bar.start_ms);
  const ran = bar.operations === 1 ? length : `${lengthWords(bar.busy_ms)} of work in ${length}`;
  return `${barName(bar)}, ${ran} from ${seconds(bar.start_ms)}`;
};

const SHOWS_TEXT: Readonly<Record<Exclude<TimelineTrack['shows'], 'stream'>, string>> = {
  nvtx: 'NVTX ranges',
  api: 'CUDA calls',
  os: 'OS calls',
};

/** What a track shows, and whose it is; the process where there are several. */
export function trackWords(
  { shows, process, device, number }: TimelineTrack,
  { tracks, launching }: IncidentTimeline,
): readonly [string, string] {
  const isOnlyProcess = tracks.every(t => t.process === process);
  const of = process === null || isOnlyProcess ? '' : `, process ${process}`;
  if (shows === 'stream') return [`Stream ${number}`, `GPU ${device ?? 0}${of}`];
  const name = launching.find(l => l.thread === number && l.process === process)?.thread_name;
  return [SHOWS_TEXT[shows], `thread ${number}${name == null ? '' : ` (${cut(name)})`}${of}`];
}

/** Who launched the work of an incident, by name; '' where no launch is recorded near it. */
export function launchingWords({ launching }: IncidentTimeline): string {
  const who = launching.map(({ thread, process, thread_name, process_name, launches }) => {
    const name = thread_name === null ? '' : ` “${cut(thread_name)}”`;
    const of = process_name === null ? '' : ` (${cut(process_name)})`;
    return `thread ${thread}${name} of process ${process}${of}, with ${count(launches, 'launch', 'launches')}`;
  });
  return who.length === 0 ? '' : `Work was launched by ${who.join('; ')}.`;
}

/** What the drawing covers. */
export const coverWords = ({ start_ms, end_ms, tracks_left_out }: IncidentTimeline): string =>
  `From ${seconds(start_ms)} to ${seconds(end_ms)}: the incident, shaded, and up to half its length on both sides.${tracks_left_out === 0 ? '' : ` ${count(tracks_left_out, 'track')} with less work ${tracks_left_out === 1 ? 'is' : 'are'} not drawn.`}`;
