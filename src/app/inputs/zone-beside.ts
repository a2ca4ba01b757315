import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { textIn } from '#core/text-in';
import { SamplerSummary } from '#schema/monitor';

/** What `forensics monitor` and `forensics capture` say beside the samples that they wrote. */
const RECORDS = ['monitor.json', 'case.json'];
const Recorded = z.object({ samplers: z.array(SamplerSummary) });

function recordedIn(path: string): readonly SamplerSummary[] {
  try {
    return Recorded.safeParse(JSON.parse(textIn(path) ?? '')).data?.samplers ?? [];
  } catch {
    return [];
  }
}

/**
 * How far the zone of stamps that name none lies from UTC, in hours, where one of the files is ours and says so beside it.
 * @returns undefined where none says so, or two differ
 */
export function zoneBeside(files: readonly string[]): number | undefined {
  const zones = files.flatMap(file =>
    RECORDS.flatMap(record => recordedIn(join(dirname(file), record)))
      .filter(sampler => sampler.file === basename(file))
      .flatMap(sampler => sampler.zone_hours ?? []),
  );
  return new Set(zones).size === 1 ? zones[0] : undefined;
}
