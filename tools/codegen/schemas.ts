import { existsSync } from 'node:fs';
import { z } from 'zod';
import { Case } from '#schema/case';
import { EnergyRuns } from '#schema/energy';
import { Load } from '#schema/load';
import { Monitor } from '#schema/monitor';
import { Report } from '#schema/report';
import { System } from '#schema/system';

const NATIVE = 'input/formats/native-requests/schema';
const text = (title: string, schema: z.ZodType) => `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`;

/** JSON Schemas for those who read our files, or write files for us, in another language: file to text. */
export async function schemas(root: URL): Promise<Map<string, string>> {
  const out = new Map([
    ['schemas/forensics.report-1.schema.json', text('forensics.report/1', Report)],
    ['schemas/forensics.case-1.schema.json', text('forensics.case/1', Case)],
    ['schemas/forensics.energy-runs-1.schema.json', text('forensics.energy-runs/1', EnergyRuns)],
    ['schemas/forensics.load-1.schema.json', text('forensics.load/1', Load)],
    ['schemas/forensics.monitor-1.schema.json', text('forensics.monitor/1', Monitor)],
    ['schemas/forensics.system-1.schema.json', text('forensics.system/1', System)],
  ]);
  // Asked of src, since dist may still hold what was deleted.
  if (existsSync(new URL(`src/${NATIVE}.ts`, root))) {
    const module = z.object({ NativeRequest: z.instanceof(z.ZodType) }).parse(await import(new URL(`dist/${NATIVE}.js`, root).href));
    out.set('schemas/native-request.schema.json', text('native request', module.NativeRequest));
  }
  return out;
}
