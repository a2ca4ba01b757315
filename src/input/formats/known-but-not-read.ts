import { ForensicsError } from '#core/errors';
import { isMarkdown } from './markdown.ts';

interface UnreadFormat {
  readonly id: string;
  /** What the file is, to stand after "the file is". */
  readonly title: string;
  /** Whether the first characters of a file are this format's. */
  sniff(head: string): boolean;
  /** Why nothing is made of it: one sentence. */
  readonly why: string;
  /** What to do instead: one sentence. */
  readonly instead: string;
}

/** The first line that is not blank. */
const firstLine = (head: string): string => head.trimStart().split('\n', 1)[0]?.trimEnd() ?? '';

const CHECK_BEFORE = 'Use it to judge the machine before a run; for a run itself record with forensics monitor.';
const BY_SUPERBENCH = 'Its columns are of the benchmarks that were chosen, each with a unit of its own, and it has no times of a run.';

/** Formats that people have beside a trace, that we know, and of which nothing is read: the first that fits counts. */
export const KNOWN_BUT_NOT_READ: readonly UnreadFormat[] = [
  {
    id: 'superbench-monitor',
    title: 'a monitor log of SuperBench',
    sniff: head => /^\{"time": "[^"]{1,40}", "cpu_usage":/.test(firstLine(head)) && /"gpu_usage:\d+":/.test(head),
    why: 'It has a sample every few seconds, in local time without a zone, too far apart for events in a trace.',
    instead: 'Record with forensics monitor, or with nvidia-smi --query-gpu=… --format=csv -lms 100.',
  },
  {
    id: 'nccl-flight-recorder',
    title: "a dump of PyTorch's flight recorder",
    sniff: head => /^\{/.test(firstLine(head)) && /"collective_seq_id"\s*:/.test(head),
    why: 'It says which collectives a rank has called, which is judged with the dumps of the other ranks alone.',
    instead: 'Name the dumps of all ranks with forensics doctor.',
  },
  {
    id: 'superbench-results',
    title: 'a result file of SuperBench',
    sniff: head =>
      /^\{/.test(firstLine(head)) && /"node": "/.test(firstLine(head)) && /"[\w:.-]{1,80}\/[\w:.-]{1,120}":/.test(firstLine(head)),
    why: BY_SUPERBENCH,
    instead: CHECK_BEFORE,
  },
  {
    id: 'otava-history',
    title: 'a history of benchmark results for Apache Otava (Hunter)',
    sniff: head => /^time,commit,[^,\s]/.test(firstLine(head)),
    why: 'Each of its rows is a whole run on another day, so it says nothing of what happened inside a run.',
    instead: 'Give it to Otava to find the run where a result changed, and the trace of that run to forensics.',
  },
  {
    id: 'nvidia-smi-table',
    title: 'the table that nvidia-smi prints by itself',
    sniff: head => /^\| NVIDIA-SMI \d/m.test(head),
    why: 'It is a screen for people: one moment, rounded, in a layout that changes with the driver.',
    instead: 'Write nvidia-smi -q -x for the state of the GPUs, or nvidia-smi --query-gpu=… --format=csv -lms 100 for readings.',
  },
  {
    id: 'nvidia-smi-compute-apps',
    title: 'a list of processes on GPUs (nvidia-smi --query-compute-apps)',
    sniff: head => /(?:^|, ?)pid(?:,|$)/m.test(firstLine(head)) && /\bused_(?:gpu_)?memory\b/.test(firstLine(head)),
    why: 'It tells the memory that each process holds, and nothing of what it does.',
    instead: 'Record nvidia-smi pmon -o DT for processes, or nvidia-smi --query-gpu=… --format=csv -lms 100 for GPUs.',
  },
  {
    id: 'nvidia-smi-stats',
    title: 'a log of nvidia-smi stats',
    sniff: head => /^\d{1,4}, (?:pwrDraw|temp|gpuUtil|memUtil|encUtil|decUtil|procClk|memClk) ?, \d{10,17}, \d+/.test(firstLine(head)),
    why: 'Its stamps are of a clock that the driver chooses, and it is left out of newer drivers.',
    instead: 'Record nvidia-smi --query-gpu=… --format=csv -lms 100.',
  },
  {
    id: 'jmeter-xml',
    title: 'a result file of JMeter in XML',
    sniff: head => /^<\?xml [^>]*>\s*<testResults\b/.test(head.trimStart()),
    why: 'XML results may hold whole answers, and are many times as large as the CSV that JMeter writes by default.',
    instead: 'Let JMeter write CSV: jmeter -Jjmeter.save.saveservice.output_format=csv.',
  },
  {
    id: 'kubernetes-events',
    title: 'a list of events of Kubernetes (kubectl get events)',
    sniff: head => /^LAST SEEN\s+TYPE\s+REASON\s+OBJECT\s+MESSAGE/.test(firstLine(head)),
    why: 'Its times are ages ("5m"), rounded and counted from the moment when it was printed.',
    instead: 'Look in it for OOMKilled, Evicted and NodeNotReady near an incident; kubectl get events -o json has their times.',
  },
  {
    id: 'nvidia-smi-q-text',
    title: 'the plain text of nvidia-smi -q',
    sniff: head => /^=+NVSMI LOG=+$/.test(firstLine(head)),
    why: 'The text has no fixed layout: names repeat, and only the indentation tells them apart.',
    instead: 'Write it as XML: nvidia-smi -q -x.',
  },
];

/** Why a file of a known format is refused, and what to give instead; undefined for a file that is none of these. */
export const refusalOf = (head: string, source = 'the file'): ForensicsError | undefined => {
  const start = head.replace(/^\ufeff/, '');
  const format = isMarkdown(start) ? undefined : KNOWN_BUT_NOT_READ.find(({ sniff }) => sniff(start));
  return format === undefined
    ? undefined
    : new ForensicsError('unknown-format', `${source} is ${format.title}. ${format.why}`, format.instead);
};
