import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { OWN_FILES } from '#app/inputs/own-files';
import { readSeries } from '#app/inputs/read-series';
import { isRecording } from '#app/inputs/recording';
import { type Scratch, type Surroundings, withScratch } from '#app/inputs/scratch';
import { textHeadOf, textOf } from '#app/inputs/text-file';
import { assertExists, filesIn, isTrace } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { textIn } from '#core/text-in';
import { hostFacts } from '#machine/snapshot/host-facts';
import type { Missing, Snapshot } from '#schema/snapshot';
import { System } from '#schema/system';
import { assemble, type Parts } from './assemble.ts';

/** The outputs that a snapshot is made of: what each is called, and by what it is known. */
const WANTED: readonly { readonly what: string; readonly isTold: (parts: Parts) => boolean }[] = [
  { what: 'nvidia-smi -q -x', isTold: by('nvidia-smi-xml') },
  { what: 'nvidia-smi topo -m', isTold: by('nvidia-smi-topo') },
  { what: 'nvidia-smi nvlink -s', isTold: linksTell(/^(?:active|any_nvlink_active|has_nvlink|nvlink_hidden_by_mig)$/) },
  { what: 'nvidia-smi nvlink -e', isTold: linksTell(/_errors?$|^has_nvlink$|^nvlink_hidden_by_mig$/) },
  { what: 'dmesg', isTold: parts => parts.kernelLog || by('xid-log')(parts) },
  { what: 'log of the fabric manager', isTold: by('fabricmanager') },
  { what: 'log of NCCL', isTold: by('nccl-log') },
  { what: 'log of vLLM', isTold: by('vllm-log') },
  { what: 'system.json', isTold: ({ facts }) => facts.length > 0 },
];
const KINDS: ReadonlySet<string> = new Set([
  'nvidia-smi-xml',
  'nvidia-smi-topo',
  'nvidia-smi-nvlink',
  'xid-log',
  'fabricmanager',
  'nccl-log',
  'vllm-log',
]);
/** One moment each: a second one would be of another time, or another machine. */
const ONE_ONLY: ReadonlySet<string> = new Set(['nvidia-smi-xml']);

function by(format: string): (parts: Parts) => boolean {
  return ({ read }) => read.some(({ series }) => series.format === format);
}
function linksTell(name: RegExp): (parts: Parts) => boolean {
  return ({ read }) =>
    read.some(({ series }) => series.kind === 'facts' && series.format === 'nvidia-smi-nvlink' && series.rows.some(r => name.test(r.name)));
}

/** How the log of the kernel begins its lines: by its own seconds, or by a date. */
const KERNEL_LINE = /^(?:\[ *\d+\.\d{6}\] |\S+ \S+ kernel: |\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:]{8} \d{4}\] )/m;
const XID = /\bNVRM: Xid\b/;

/** Whether a file is a log of the kernel in which no error of a GPU stands. */
function isQuietKernelLog(content: string): boolean {
  if (!KERNEL_LINE.test(textHeadOf(content))) return false;
  let rest = '';
  for (const piece of textOf(content)) {
    if (XID.test(rest + piece)) return false;
    rest = piece.slice(-32);
  }
  return true;
}

interface Reading {
  readonly read: Parts['read'][number][];
  readonly notes: string[];
  kernelLog: boolean;
}

async function readFile(file: string, scratch: Scratch, reading: Reading): Promise<void> {
  const name = basename(file);
  const content = await scratch.plain(file);
  try {
    const found = readSeries(file, content);
    if (found === undefined) {
      if (isQuietKernelLog(content)) reading.kernelLog = true;
      else reading.notes.push(`${name}: passed over, its format is not known.`);
      return;
    }
    const { series, sha256 } = found;
    if (!KINDS.has(series.format)) return;
    const before = reading.read.find(r => r.series.format === series.format);
    if (before !== undefined && ONE_ONLY.has(series.format))
      reading.notes.push(`${name}: passed over, ${before.source.what} is of the same kind, and a snapshot is of one moment.`);
    else reading.read.push({ source: { what: name, format: series.format, sha256 }, series });
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    if (error.code === 'bad-record' && isQuietKernelLog(content)) reading.kernelLog = true;
    else reading.notes.push(`${name}: passed over: ${error.message}`);
  }
}

function systemOf(folder: string): System | undefined {
  try {
    return System.safeParse(JSON.parse(textIn(join(folder, 'system.json')) ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * A machine as outputs tell it that were saved in a folder: known by their content, whatever they are called.
 * @throws ForensicsError not-found; bad-argument where none of them is there
 */
export const snapshotOfFiles = (folder: string, around: Surroundings): Promise<Snapshot> =>
  withScratch(around, async scratch => {
    assertExists(folder);
    if (!statSync(folder).isDirectory())
      throw new ForensicsError('bad-argument', `${folder} is a file`, 'Name the folder that holds the saved outputs, or a snapshot.json.');
    const reading: Reading = { read: [], notes: [], kernelLog: false };
    for (const file of filesIn(folder, line => reading.notes.push(line))) {
      if (isTrace(file) || isRecording(file) || OWN_FILES.has(basename(file))) continue;
      await readFile(file, scratch, reading);
    }
    const system = systemOf(folder);
    const parts = { takenNs: null, ...reading, facts: system === undefined ? [] : hostFacts(system), missing: [] };
    if (reading.read.length === 0 && !reading.kernelLog && system === undefined)
      throw new ForensicsError(
        'bad-argument',
        `${folder} holds no output that tells the state of a machine`,
        `Save there what these write: ${WANTED.slice(0, 5)
          .map(w => w.what)
          .join(', ')}.`,
      );
    const missing: Missing[] = WANTED.filter(w => !w.isTold(parts)).map(({ what }) => ({ what, why: 'no file of the folder holds it' }));
    return assemble({ ...parts, missing });
  });
