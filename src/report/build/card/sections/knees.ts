import { notMeasured, type SectionOf } from '../documents.ts';

/** Where more load gives no more. */
export const knees: SectionOf = () => ({
  rows: [notMeasured('knee of throughput', 'it takes a sweep over concurrency: forensics load --sweep, or sweep in the plan')],
  figures: [],
});
