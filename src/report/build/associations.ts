import { msOf, plain } from '#core/format/numbers';
import { type Association, type Associations, FALSE_ONES } from '#diagnosis/telemetry/associations';
import type { Finding } from '#schema/report';

/** Odds ratios may be enormous: two digits tell all there is to tell. */
const odds = (ratio: number) => String(Number(ratio.toPrecision(2)));

function movementText({ name, movement: m }: Association): string {
  if (m.kind === 'counter')
    return `${name} stood out (odds ratio ${odds(m.oddsRatio)}, 95 % interval ${odds(m.interval[0])} to ${odds(m.interval[1])})`;
  const when = m.lag === 0 ? 'at the same time' : m.lag > 0 ? `${msOf(m.lag)} after` : `${msOf(-m.lag)} before`;
  return `${name} was ${m.r > 0 ? 'higher' : 'lower'} (r = ${m.r.toFixed(2)}, ${when})`;
}

/** At most one finding, of no severity: an association is a place to look. */
export function associationFindings(associations: Associations | undefined): Finding[] {
  if (associations === undefined) return [];
  const { tested, found } = associations;
  const how = `${tested === 1 ? '1 series was' : `${tested} series were`} tested (states by lagged correlation against surrogates with random phases, counters by circular shifts of the incidents), with at most ${plain(100 * FALSE_ONES)} % false ones expected among those named (Benjamini-Hochberg over all ${tested}).`;
  const moved = found.map(a => `${movementText(a)}, adjusted p ${a.adjusted.toFixed(3)}`).join('; ');
  return [
    {
      id: 'associations',
      severity: 'info',
      title:
        found.length === 0
          ? 'No telemetry moved with the incidents'
          : `Telemetry that moved with the incidents: ${found.map(a => a.name).join(', ')}`,
      detail: `${found.length === 0 ? '' : `In incidents ${moved}. `}${how}`,
      advice:
        'Take it as a place to look, not as a cause: what moves with an incident may be its effect, and what does not may be too coarse to show it.',
      evidence: [],
    },
  ];
}
