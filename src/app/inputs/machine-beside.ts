import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { statsOf } from '#core/stats-of';
import { textIn } from '#core/text-in';
import { badRecord } from '#input/text/bad-record';
import type { LinkReading, XidError } from '#machine/machine-facts';
import type { FactRow } from '#schema/relation';
import type { Report } from '#schema/report';
import { System } from '#schema/system';
import { stateBeside } from './state-beside.ts';
import { hashOf, textHeadOf, textOf } from './text-file.ts';

/** What a capture or `forensics monitor` counted of the machine meanwhile. */
export interface MachineReadings {
  readonly xids: readonly XidError[];
  readonly links: readonly LinkReading[];
  /** The state of the machine, as its snapshot tells it. */
  readonly facts: readonly FactRow[];
  /** The files that say so, as a report lists its inputs. */
  readonly inputs: Report['inputs'];
  /** Files with the names of ours that others wrote: they are read by no one. */
  readonly notOurs: readonly string[];
}

/** A machine as its folder tells it. */
export interface MachineBeside {
  /** From the snapshot of a capture. */
  readonly system: System | undefined;
  /** What was counted meanwhile. */
  readonly machine: MachineReadings;
}

/** Where no folder tells anything. */
export const NO_MACHINE: MachineBeside = { system: undefined, machine: { xids: [], links: [], facts: [], inputs: [], notOurs: [] } };

/** What a folder says of the machine. @throws ForensicsError bad-record */
export function machineIn(folder: string): MachineBeside {
  const system = systemIn(folder);
  return { system, machine: machineBeside(folder, system) };
}

/** The snapshot of the machine that a capture leaves in its folder; one of another version is no loss. */
function systemIn(folder: string): System | undefined {
  try {
    return System.safeParse(JSON.parse(textIn(join(folder, 'system.json')) ?? '')).data;
  } catch {
    return undefined;
  }
}

const TIME = /^\d{16,19}$/;
const NUMBER = /^\d{1,18}$/;
const PCI = /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}(?:\.\d)?$/i;
const HINT = 'It is written by the samplers of forensics capture and monitor: take it as they wrote it, or take it out of the folder.';

/** What our samplers leave, and how each file begins; others may have left files of the same names. */
const SAMPLED = [
  { name: 'xid.csv', begin: 'time_ns,pci,xid' },
  { name: 'nvlink.csv', begin: 'time_ns,gpu,link' },
] as const;

/** Errors and counters of links that lie in a folder as our samplers wrote them. */
function machineBeside(folder: string, system: System | undefined): MachineReadings {
  const state = stateBeside(folder, system);
  const there = SAMPLED.map(({ name, begin }) => ({ file: join(folder, name), begin })).filter(
    ({ file }) => statsOf(file)?.isFile() === true,
  );
  const ours = there.filter(({ file, begin }) => textHeadOf(file).startsWith(begin)).map(({ file }) => file);
  const [xid, nvlink] = SAMPLED.map(({ name }) => ours.find(file => basename(file) === name));
  return {
    xids: [...(xid === undefined ? [] : readXids(xid)), ...state.xids],
    facts: state.facts,
    links: nvlink === undefined ? [] : readLinks(nvlink),
    inputs: [...ours.map(inputOf), ...state.inputs],
    notOurs: there.flatMap(({ file }) => (ours.includes(file) ? [] : [basename(file)])),
  };
}

const inputOf = (file: string): Report['inputs'][number] => ({
  ...{ path: basename(file), kind: 'samples', format: `forensics-${basename(file, '.csv')}` },
  ...{ sha256: hashOf(file), bytes: statSync(file).size },
});

/** Rows below the header; the last line of a sampler that was cut off has no end, and is no row. */
function* rowsOf(file: string): Generator<{ readonly line: number; readonly cells: readonly string[]; readonly head: readonly string[] }> {
  const [head = '', ...lines] = [...textOf(file)].join('').split('\n').slice(0, -1);
  for (const [i, line] of lines.entries()) yield { line: i + 2, cells: line.split(','), head: head.split(',') };
}

function readXids(file: string): XidError[] {
  return Array.from(rowsOf(file), ({ line, cells }) => {
    const [time = '', pci = '', xid = ''] = cells;
    if (!TIME.test(time) || !PCI.test(pci) || !NUMBER.test(xid))
      throw badRecord({ source: basename(file), line }, 'this is no Xid error', HINT);
    return { ns: BigInt(time), pci: pci.toLowerCase(), xid: Number(xid) };
  });
}

function readLinks(file: string): LinkReading[] {
  return Array.from(rowsOf(file), ({ line, cells, head }) => {
    const [time = '', gpu = '', link = '', ...values] = cells;
    const isRow = TIME.test(time) && NUMBER.test(gpu) && NUMBER.test(link) && values.every(v => v === '' || NUMBER.test(v));
    if (!isRow) throw badRecord({ source: basename(file), line }, 'these are no counters of a link', HINT);
    const told = { ns: BigInt(time), gpu: Number(gpu), link: Number(link) };
    return values.flatMap((value, k) => (value === '' ? [] : [{ ...told, counter: head[k + 3] ?? '', value: Number(value) }]));
  }).flat();
}
