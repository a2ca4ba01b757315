import type { SampleRow } from '#schema/relation';

/** The columns that are read. User and CPU numbers are not, nor iodelay, which some kernels do not count. */
export const METRICS: Readonly<Record<string, Pick<SampleRow, 'unit' | 'nature'>>> = {
  '%usr': { unit: '%', nature: 'average' },
  '%system': { unit: '%', nature: 'average' },
  '%guest': { unit: '%', nature: 'average' },
  '%wait': { unit: '%', nature: 'average' },
  '%CPU': { unit: '%', nature: 'average' },
  'minflt/s': { unit: '1/s', nature: 'average' },
  'majflt/s': { unit: '1/s', nature: 'average' },
  VSZ: { unit: 'KiB', nature: 'gauge' },
  RSS: { unit: 'KiB', nature: 'gauge' },
  '%MEM': { unit: '%', nature: 'gauge' },
  'kB_rd/s': { unit: 'KiB/s', nature: 'average' },
  'kB_wr/s': { unit: 'KiB/s', nature: 'average' },
  'kB_ccwr/s': { unit: 'KiB/s', nature: 'average' },
  'cswch/s': { unit: '1/s', nature: 'average' },
  'nvcswch/s': { unit: '1/s', nature: 'average' },
};
