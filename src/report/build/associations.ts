import { count, msOf, plain } from '#core/format/numbers';
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

/**
 * At most one finding, of no severity: an association is a place to look.
 * @param incidents how many there were: few of them show only what moves strongly
 */
export function associationFindings(associations: Associations | undefined, incidents: number): Finding[] {
  if (associations === undefined) return [];
  const { tested, found } = associations;
  const how = `${tested === 1 ? '1 series was' : `${tested} series were`} tested; of those named, at most ${plain(100 * FALSE_ONES)} % are expected to be false (docs/method.md).`;
  const moved = found.map(a => `${movementText(a)}, adjusted p ${a.adjusted.toFixed(3)}`).join('; ');
  return [
    {
      id: 'associations',
      severity: 'info',
      title:
        found.length === 0
          ? `No telemetry changes with the ${count(incidents, 'incident')}`
          : `Telemetry that changes with the incidents: ${found.map(a => a.name).join(', ')}`,
      detail: `${found.length === 0 ? `With ${count(incidents, 'incident')} only a strong change can be seen, so a weaker one is not ruled out. ` : `In incidents ${moved}. `}${how}`,
      advice:
        found.length === 0
          ? 'Sample more often: samples that are far apart show no short change.'
          : 'What changes together need not be the cause: an idle GPU draws less power, whatever made it idle.',
      evidence: [],
    },
  ];
}
