import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { textIn } from '#core/text-in';
import type { RunSamples, Sample } from '#report/render/metrics/catalogue';
import { caseSamples, checkupSamples, loadSamples } from '#report/render/metrics/of-files';
import { reportSamples } from '#report/render/metrics/of-report';
import { Case } from '#schema/case';
import { Checkup } from '#schema/checkup';
import { Load } from '#schema/load';
import { Report } from '#schema/report';

/** One kind of our files: how it is told, and the figures in it. */
interface Source {
  readonly schema: string;
  readonly samplesIn: (json: unknown, file: string) => Sample[];
}

function source<T>(schema: string, shape: z.ZodType<T>, samples: (value: T) => Sample[]): Source {
  return {
    schema,
    samplesIn: (json, file) => {
      const parsed = shape.safeParse(json);
      if (parsed.success) return samples(parsed.data);
      const [issue] = parsed.error.issues;
      throw new ForensicsError(
        'bad-record',
        `${file} says that it is ${schema}, and is not (${issue?.path.join('.') || 'as a whole'})`,
        'Take it as this version of forensics writes it: analyze, capture or load again.',
      );
    },
  };
}

const SOURCES: readonly Source[] = [
  source('forensics.report/1', Report, reportSamples),
  source('forensics.case/1', Case, caseSamples),
  source('forensics.load/1', Load, loadSamples),
  source('forensics.checkup/1', Checkup, checkupSamples),
];
/** Our files in a folder of a case or of a report. A case with one window has its report in `report`. */
const NAMES = ['case.json', 'report.json', 'report/report.json', 'load.json', 'checkup.json'];
const HINT = 'Name a report.json, a load.json, a case of forensics capture, or a folder that holds one of them.';

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(textIn(file) ?? '');
  } catch {
    throw new ForensicsError('bad-record', `${file} is no JSON`, HINT);
  }
}

function samplesOf(file: string): Sample[] {
  const json = jsonOf(file);
  const schema = typeof json === 'object' && json !== null && 'schema' in json ? json.schema : undefined;
  const known = SOURCES.find(s => s.schema === schema);
  if (known === undefined) throw new ForensicsError('unknown-format', `${file} holds no figures that are exported`, HINT);
  return known.samplesIn(json, file);
}

function filesOf(path: string): readonly string[] {
  assertExists(path);
  if (!statSync(path).isDirectory()) return [path];
  const files = NAMES.map(name => join(path, name)).filter(file => existsSync(file));
  if (files.length === 0) throw new ForensicsError('not-found', `the folder ${path} holds neither a report, a case nor a load test`, HINT);
  return files;
}

/** What a run is called: its folder. A report is called after the folder that it lies in. */
function nameOf(path: string): string {
  const folder = statSync(path).isDirectory() ? resolve(path) : dirname(resolve(path));
  return basename(folder) || 'run';
}

/**
 * The figures of runs, each named after its folder; of two of one name the second has a number.
 * @param paths reports, cases, load tests, or folders of them
 * @throws ForensicsError not-found, unknown-format, bad-record
 */
export function readRuns(paths: readonly string[]): readonly RunSamples[] {
  const named = new Map<string, number>();
  return paths.map(path => {
    const samples = filesOf(path).flatMap(samplesOf);
    const name = nameOf(path);
    const before = named.get(name) ?? 0;
    named.set(name, before + 1);
    return { run: before === 0 ? name : `${name}-${before + 1}`, samples };
  });
}
