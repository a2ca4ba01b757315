import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { expanded } from '#app/inputs/expanded';
import { passable } from '#app/inputs/named-files';
import { readSeries } from '#app/inputs/read-series';
import type { Scratch } from '#app/inputs/scratch';
import { unknownFile } from '#app/inputs/unknown-file';
import { ForensicsError } from '#core/errors';
import { textIn } from '#core/text-in';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { earlierOf } from '#machine/certify/certify';
import type { EarlierFigure } from '#machine/certify/history';
import { Certification } from '#schema/certification';
import type { AnySeries, FactSeries, GpuSeries, MeasurementSeries } from '#schema/relation';

/** A certification of thousands of pairs takes a few of these. */
const LARGEST_CERTIFICATION = 64 * 2 ** 20;
/** Kinds that say something of what a machine reaches. */
const KINDS: readonly AnySeries['kind'][] = ['measurements', 'gpu', 'facts'];
const TESTS = 'See docs/formats.md for the tests that are read: nvbandwidth, nccl-tests, gpu_burn, SuperBench, dcgmi diag, physics.json.';

/** A file that a certification can rest on. */
export type EvidenceFile = SeriesFile & { readonly series: MeasurementSeries | GpuSeries | FactSeries };

const isEvidence = (file: SeriesFile): file is EvidenceFile => KINDS.includes(file.series.kind);

async function readNamed(path: string, scratch: Scratch): Promise<EvidenceFile> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new ForensicsError('not-found', `${path} does not exist`, 'Check the path.');
  if (!stats.isFile()) throw new ForensicsError('bad-argument', `${path} is not a file`, 'Name the files themselves.');
  const plain = await scratch.plain(path);
  const file = readSeries(path, plain);
  if (file === undefined) throw unknownFile(path, plain);
  if (!isEvidence(file))
    throw new ForensicsError('bad-argument', `${path} (${file.series.format}) holds no test of a machine, nor its state during one`, TESTS);
  return file;
}

/**
 * Files that a certification rests on; a folder stands for those of its files that are of use.
 * @param passedOver told of what a folder holds and nobody reads
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record; bad-argument where no file holds a measurement
 */
export async function readEvidence(
  paths: readonly string[],
  scratch: Scratch,
  passedOver: (sentence: string) => void,
): Promise<readonly EvidenceFile[]> {
  const files: EvidenceFile[] = [];
  for (const { path, isNamed } of expanded(paths)) {
    const file = isNamed ? await readNamed(path, scratch) : await passable(path, scratch, passedOver);
    if (file != null && isEvidence(file)) files.push(file);
  }
  if (!files.some(f => f.series.kind === 'measurements'))
    throw new ForensicsError('bad-argument', `none of ${paths.join(', ')} holds the result of a test of a machine`, TESTS);
  return files;
}

/** A certification of ours; undefined for any other file. @throws ForensicsError bad-record for one that is not as we write them */
function readCertification(path: string): Certification | undefined {
  const text = path.endsWith('.json') ? textIn(path, LARGEST_CERTIFICATION) : undefined;
  if (text?.slice(0, 4096).includes('"forensics.certification/') !== true) return undefined;
  const found = Certification.safeParse(jsonOf(text));
  if (found.success) return found.data;
  throw new ForensicsError(
    'bad-record',
    `${path} is no certification as this version writes it (${found.error.issues[0]?.path.join('.') ?? 'not JSON'})`,
    'Give the certification.json as it was written, or the measurements themselves.',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What earlier runs measured, each file one run. @throws ForensicsError as `readEvidence` */
export async function readHistory(paths: readonly string[], scratch: Scratch): Promise<(readonly EarlierFigure[])[]> {
  const runs: (readonly EarlierFigure[])[] = [];
  for (const path of paths) {
    const own = readCertification(path);
    if (own !== undefined) {
      runs.push(own.figures);
      continue;
    }
    const { series } = await readNamed(path, scratch);
    if (series.kind !== 'measurements')
      throw new ForensicsError(
        'bad-argument',
        `${basename(path)} holds no earlier measurement`,
        `Give earlier certification.json files. ${TESTS}`,
      );
    runs.push(earlierOf(series.rows));
  }
  return runs;
}
