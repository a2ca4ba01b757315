import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { ForensicsError } from '#core/errors';
import { certify } from '#machine/certify/certify';
import { BOARDS, boardNamed } from '#machine/peaks/boards';
import { wordCertification } from '#report/build/certification';
import type { Certification } from '#schema/certification';
import type { FactRow, GpuSeries } from '#schema/relation';
import { readEvidence, readHistory } from './evidence-files.ts';

/** What to hold against what. */
export interface CertifyRequest {
  readonly files: readonly string[];
  /** Model of the GPU, as the driver or the table of peaks calls it; that of the files otherwise. */
  readonly gpu: string | undefined;
  /** Earlier certifications or measurements of the same machine, each one run. */
  readonly history: readonly string[];
}

/** @throws ForensicsError bad-argument for a model whose peaks are not known */
export function assertKnown(gpu: string | undefined): void {
  if (gpu !== undefined && boardNamed(gpu) === undefined)
    throw new ForensicsError(
      'bad-argument',
      `no peaks are known of “${gpu}”`,
      `Say one of ${BOARDS.map(b => b.board).join(', ')}; or leave --gpu out: without peaks GPUs are still compared with each other.`,
    );
}

/**
 * Certifies a machine from results of tests, the state of its GPUs meanwhile, and its history.
 * @returns with sentences on what each file lacks
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record
 */
export const certifyFiles = (
  request: CertifyRequest,
  around: Surroundings,
): Promise<{ readonly certification: Certification; readonly notes: readonly string[] }> =>
  withScratch(around, async scratch => {
    assertKnown(request.gpu);
    const files = await readEvidence(request.files, scratch, around.progress);
    const history = await readHistory(request.history, scratch);
    const samples: GpuSeries[] = [];
    const facts: FactRow[] = [];
    const rows = files.flatMap(({ series }) => {
      if (series.kind === 'gpu') samples.push(series);
      if (series.kind === 'facts') facts.push(...series.rows);
      return series.kind === 'measurements' ? series.rows : [];
    });
    const found = certify({ rows, samples, facts, history, gpu: request.gpu });
    const inputs = files.map(({ path, sha256, series }) => ({ path, format: series.format, sha256 }));
    const notes = files.flatMap(({ path, series }) => [...series.warnings, ...series.limits].map(line => `${path}: ${line}`));
    return { certification: wordCertification(found, inputs), notes };
  });
