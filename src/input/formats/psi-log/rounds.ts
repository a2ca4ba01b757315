import type { Sampled } from '#input/series/sampled';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseTimestamp, type Timestamp } from '#input/time/timestamp';
import type { HostSampleRow } from '#schema/relation';

export const PRESSURE_FIELDS = ['psi_cpu_some_us', 'psi_mem_some_us', 'psi_io_some_us'] as const satisfies readonly (keyof HostSampleRow)[];
type PressureField = (typeof PRESSURE_FIELDS)[number];
const FIELDS: Readonly<Record<string, PressureField>> = { cpu: 'psi_cpu_some_us', memory: 'psi_mem_some_us', io: 'psi_io_some_us' };

const TOTAL = /^(?:(cpu|memory|io) )?(some|full) avg10=[\d.]+ avg60=[\d.]+ avg300=[\d.]+ total=(\d{1,15})$/;
/** What head and tail print before each of several files. */
const FILE = /^==> \/proc\/pressure\/(cpu|memory|io) <==$/;
const NO_TIMES =
  'Record again with a time before each round: while sleep 1; do date -u \'+# %FT%T.%NZ\'; for f in cpu memory io; do sed "s/^/$f /" /proc/pressure/$f; done; done.';

/** One reading of all files. */
export interface Round extends Sampled {
  readonly totals: Partial<Record<PressureField, number>>;
}

interface Rounds {
  readonly rounds: readonly Round[];
  readonly zoned: boolean;
  readonly resolution_ms: number;
}

/** @throws ForensicsError 'bad-record' for a line that is no pressure, and for a file without times */
export const readRounds = (text: Text, source: string, counter: WarningCounter): Rounds => {
  const rounds: { line: number; text: string; ns: bigint; totals: Partial<Record<PressureField, number>> }[] = [];
  let first: Timestamp | undefined;
  let file: string | undefined;
  for (const { number: line, text: told } of wholeLines(text, source, counter)) {
    if (told.startsWith('#')) {
      const stamp = parseTimestamp(told.slice(1).trim());
      if (stamp === undefined) throw badRecord({ source, line }, `${quote(told)} is not a time`, NO_TIMES);
      first ??= stamp;
      if (stamp.zoned !== first.zoned)
        throw badRecord({ source, line }, 'this time has a zone and others have none, or the reverse', NO_TIMES);
      rounds.push({ line, text: told, ns: stamp.ns, totals: {} });
      continue;
    }
    file = FILE.exec(told)?.[1] ?? file;
    if (FILE.test(told)) continue;
    const [, named = file, kind, total] = TOTAL.exec(told.trim()) ?? [];
    const round = rounds.at(-1);
    if (kind === undefined) throw badRecord({ source, line }, `${quote(told)} is no line of /proc/pressure`, 'Mend or delete this line.');
    if (named === undefined) throw badRecord({ source, line }, 'nothing says whose pressure this is', NO_TIMES);
    if (round === undefined) throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', NO_TIMES);
    const field = FIELDS[named];
    if (kind === 'some' && field !== undefined) round.totals[field] ??= Number(total);
  }
  const told = rounds.filter(({ totals }) => Object.keys(totals).length > 0);
  return { rounds: told, zoned: first?.zoned === true, resolution_ms: first?.resolution_ms ?? 1 };
};
