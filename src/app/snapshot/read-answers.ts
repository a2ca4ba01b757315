import type { Told } from '#record/probes/told';
import type { FactRow } from '#schema/relation';
import type { Missing } from '#schema/snapshot';
import type { Parts } from './assemble.ts';
import { readTold } from './read-told.ts';

/** The state of confidential compute, which nvidia-smi tells in a line of its own: `CC status: OFF`. */
const CONFIDENTIAL = /^CC status: (\S+)$/m;

/** Answers of programs as facts and series, as far as importers know them; the rest is missing, with its reason. */
export function readAnswers(answers: readonly Told[]): Pick<Parts, 'read' | 'missing' | 'facts'> {
  const read: Parts['read'][number][] = [];
  const missing: Missing[] = [];
  const facts: FactRow[] = [];
  for (const answer of answers) {
    const { what } = answer;
    if ('why' in answer) {
      missing.push({ what, why: answer.why });
      continue;
    }
    const confidential = CONFIDENTIAL.exec(answer.text)?.[1];
    if (confidential !== undefined) {
      facts.push({ entity: 'machine', name: 'confidential_compute', value: confidential, unit: '' });
      continue;
    }
    const told = readTold(answer.text, what);
    if ('why' in told) missing.push({ what, why: told.why });
    else read.push({ source: { what, format: told.series.format, sha256: null }, series: told.series });
  }
  return { read, missing, facts };
}
