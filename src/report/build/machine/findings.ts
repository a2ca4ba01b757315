import { count, plain } from '#core/format/numbers';
import type { Sighting } from '#machine/define';
import type { Judgement } from '#machine/judge';
import type { Finding } from '#schema/report';

/** Sightings that a finding lists; the rest are counted. */
const MOST_LISTED = 8;
const RANK = { high: 0, medium: 1, low: 2, info: 3 } as const;

const seenText = ({ entity, seen, told }: Sighting): string => {
  const figures = Object.entries(seen).map(
    ([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? plain(value) : value}`,
  );
  return `${entity}: ${figures.join(', ')}${told?.meaning === undefined ? '' : ` (${told.meaning})`}`;
};

/** What the rules found in the machine, a finding for each rule, the gravest first. */
export const machineFindings = (judgements: readonly Judgement[]): Finding[] =>
  judgements
    .map(({ rule, sightings }): Finding => {
      const sorted = sightings.toSorted((a, b) => RANK[a.told?.severity ?? rule.severity] - RANK[b.told?.severity ?? rule.severity]);
      const [worst] = sorted;
      const more = sorted.length - MOST_LISTED;
      const listed = sorted.slice(0, MOST_LISTED).map(seenText).join('; ');
      return {
        id: `machine-${rule.id}`,
        severity: worst?.told?.severity ?? rule.severity,
        title: `${rule.title}: ${worst === undefined ? '' : seenText(worst)}${sorted.length > 1 ? `, and ${count(sorted.length - 1, 'more', 'more')}` : ''}`,
        detail: `${listed}${more > 0 ? `; and ${plain(more)} more` : ''}. ${rule.reason} (${rule.source}.)`,
        advice: [...new Set(sorted.map(s => s.told?.fix ?? rule.fix))].join(' '),
        evidence: [],
        ...(rule.bears_on.length > 0 ? { bears_on: [...rule.bears_on] } : {}),
      };
    })
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
