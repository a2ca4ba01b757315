import { hashedTrace } from '#app/inputs/file-hash';
import { agreeing } from '#report/build/agreeing';
import type { Report } from '#schema/report';

/** A report with the hash of its trace, which was taken meanwhile, and with the other traces among its inputs. */
export async function withHashes(report: Report, hash: Promise<string>, others: readonly string[]): Promise<Report> {
  const sha256 = await hash;
  const more = await Promise.all(others.map(file => hashedTrace(file)));
  return agreeing({ ...report, inputs: [...report.inputs.map(i => (i.kind === 'trace' ? { ...i, sha256 } : i)), ...more] });
}
