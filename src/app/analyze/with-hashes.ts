import { agreeing } from '#report/build/agreeing';
import type { Report } from '#schema/report';
import { asInputs } from './trace-inputs.ts';

/** A report with the hash of its trace, which was taken meanwhile, and with the other traces among its inputs. */
export async function withHashes(report: Report, hash: Promise<string>, ranks: Parameters<typeof asInputs>[0]): Promise<Report> {
  const sha256 = await hash;
  const more = await asInputs(ranks);
  return agreeing({ ...report, inputs: [...report.inputs.map(i => (i.kind === 'trace' ? { ...i, sha256 } : i)), ...more] });
}
