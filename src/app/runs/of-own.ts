import { fileHash } from '#app/inputs/file-hash';
import { figuresOfMeasurements } from '#decide/metrics/of-measurements';
import { machineOf } from './machine.ts';
import { runOfReport } from './of-report.ts';
import { readOwn } from './own-json.ts';
import { blankRun, type ReadRun } from './read-run.ts';

/** The runs of a file of ours; undefined for a file of others. @throws ForensicsError as `readOwn` */
export async function runsOfOwn(path: string, content: string): Promise<readonly ReadRun[] | undefined> {
  const own = readOwn(path, content);
  if (own === undefined) return undefined;
  switch (own.schema) {
    case 'forensics.report/1':
      return [runOfReport(path, own.data)];
    case 'forensics.baseline/1':
      return own.data.runs.map(run => ({ run }));
    case 'forensics.certification/1':
      return [
        { run: { ...blankRun(path), inputs: own.data.inputs.map(i => i.sha256), figures: [...figuresOfMeasurements(own.data.figures)] } },
      ];
    case 'forensics.system/1':
    case 'forensics.snapshot/1':
      return [{ run: { ...blankRun(path), inputs: [await fileHash(path)], ...machineOf(own.data) } }];
  }
}
