import { count, msOf, percent, plain, seconds } from '#core/format/numbers';
import { measure } from '#core/math/spans';
import { type Association, GPU_LOAD } from '#diagnosis/telemetry/associations';
import { CAUSE_TEXT } from '#schema/causes';
import type { Facts } from '../facts.ts';

/** Models of the GPUs that were sampled. */
export const sampledModels = ({ aligned }: Facts): readonly string[] => {
  const names = new Map<number, string>();
  for (const { gpu, name } of aligned.gpu) if (name !== null) names.set(gpu, name);
  const models = [...new Set(names.values())];
  return names.size > 1 ? [`${count(names.size, 'GPU')}: ${models.join(', ')}`] : models;
};

/** Why nothing can be said about causes, where nothing can. @param isNamed some cause is named */
export function untracedBlindness({ aligned, diagnosis, associations }: Facts, isNamed: boolean): string | undefined {
  if (!aligned.hasRequests) return 'No load test and no trace were given: how requests fared is not known.';
  const slow = diagnosis.delays.filter(d => d.slow).length;
  if (isNamed || slow === 0) return undefined;
  const [longest] = diagnosis.incidents.length > 1 ? diagnosis.incidents.toSorted((a, b) => b.excess - a.excess) : [];
  const stretches =
    diagnosis.incidents.length === 0
      ? ''
      : `, delayed in ${count(diagnosis.incidents.length, 'stretch', 'stretches')}${longest === undefined ? '' : `, the longest ${msOf(longest.excess)} at ${seconds(longest.start / 1e6)}`}`;
  return `${plain(slow)} of ${count(diagnosis.delays.length, 'request')} were slow${stretches}; ${meanwhile(associations?.found ?? [])}`;
}

/** What changed while requests were slow, as far as that narrows down why. */
function meanwhile(found: readonly Association[]): string {
  const idle = found.filter(({ name, movement }) => GPU_LOAD.has(name) && movement.kind === 'state' && movement.r < 0).map(f => f.name);
  if (idle.length > 0)
    return `${idle.join(' and ')} ${idle.length === 1 ? 'was' : 'were'} lower meanwhile, so the GPU had less to do: look at the server and the host first. What kept work from the GPU takes a trace.`;
  return `the telemetry that was given does not show why${found.length === 0 ? '' : ' (what changed meanwhile stands under Findings)'}, and a trace would.`;
}

/** What the telemetry shows by itself, where there is no load test to hold it against. */
export function untracedAnswer({ aligned, untraced, window }: Facts): readonly string[] {
  if (untraced === undefined || aligned.hasRequests) return [];
  const length = Math.max(1, window[1] - window[0]);
  const stood = untraced.tests.filter(t => measure(t.signal.spans) > 0);
  const seen = stood.map(
    t => `${CAUSE_TEXT[t.signal.cause].title.toLowerCase()} (${percent(measure(t.signal.spans) / length)} of the time)`,
  );
  return [
    'No load test and no trace were given, so how requests fared is not known.',
    seen.length === 0
      ? 'Nothing in the telemetry stood out of what is usual in it.'
      : `In the telemetry these stood out: ${seen.join(', ')}. Whether they held anybody up takes a load test.`,
  ];
}
