import { sum } from 'd3-array';
import type { CollectiveFacts, LongJitter } from '#multi-gpu/collectives/facts';
import type { Collectives } from '#schema/collectives';
import { collectiveLimits, matchedBy } from './collective-limits.ts';
import { settingSentence } from './communication-settings.ts';

const sentence = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
const many = (n: number, one: string) => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

/** The collectives of a report: what was measured, and what that says. */
export function wordCollectives(facts: CollectiveFacts): Collectives {
  const { payloads, ordered, longJitter, usuallyLast, settings, limits, ...figures } = facts;
  return {
    ...figures,
    answer: collectivesAnswer(facts),
    matched_by: matchedBy(payloads),
    environment: [...new Set(settings.map(settingSentence))],
    cannot_tell: collectiveLimits(payloads, limits),
  };
}

/** The paragraph that answers "who is everyone waiting for?". */
export function collectivesAnswer(facts: CollectiveFacts): string {
  return [...(facts.ops > 0 ? waitingOf(facts) : []), ...exchangesOf(facts), exposedOf(facts)].join(' ');
}

const exposedOf = ({ exposed_share }: CollectiveFacts) =>
  `${Math.round(exposed_share * 100)} % of the communication had no compute beside it.`;

function exchangesOf({ exchanges, ops }: CollectiveFacts): string[] {
  if (exchanges.ops === 0) return [];
  const took = `${many(exchanges.ops, 'exchange')} between two ranks (NCCL sends and receives${ops === 0 ? '; no collectives' : ''}) took a mean rank`;
  return [
    `${took} ${ms(exchanges.transfer_ms + exchanges.wait_ms)}: ${ms(exchanges.transfer_ms)} of transfer and ${ms(exchanges.wait_ms)} until the other side was ready, as the program's order of work has it.`,
  ];
}

function waitingOf(c: CollectiveFacts): string[] {
  const total = c.transfer_ms + c.wait_ms;
  const out = [
    `${many(c.ops, 'collective')} of ${c.ranks.length} ranks took a mean rank ${ms(total)}: ${ms(c.transfer_ms)} of transfer (the shortest participant) and ${ms(c.wait_ms)} of waiting.`,
  ];
  for (const l of c.late)
    out.push(
      `${sentence(l.rank)} came late ${l.count === 1 ? 'once' : many(l.count, 'time')} and kept the others waiting ${ms(l.wait_ms)}: ${l.cause} (${l.why}).`,
    );
  if (c.late.length === 0) out.push('No rank was late beyond the jitter.');
  const ordered_ms = c.ordered.total / 1e6 / c.ranks.length;
  if (c.ordered.count > 0)
    out.push(
      `${ms(ordered_ms)} of the waiting follow from the order of the work (${many(c.ordered.count, 'wait')} of up to ${ms(c.ordered.longest / 1e6)} after sends and receives): nobody is called late for that.`,
    );
  const other = ms(Math.max(0, c.jitter_ms - ordered_ms));
  const which = c.late.length === 0 && ordered_ms === 0 ? `All ${other}` : `The other ${other}`;
  out.push(`${which} of waiting is jitter${longJitterOf(c.ranks, c.longJitter)}.`);
  return [...out, ...habitsOf(c)];
}

function longJitterOf(labels: readonly string[], { longest, counts }: LongJitter): string {
  const total = sum(counts);
  if (total === 0) return '';
  const whom = labels.flatMap((label, r) => (counts[r] ? `${counts[r]} for ${label}` : [])).join(', ');
  return ` (${many(total, 'wait')} of 1 to ${ms(longest / 1e6)} among it: ${whom})`;
}

const habitsOf = ({ usuallyLast }: CollectiveFacts): string[] =>
  usuallyLast.map(
    ({ rank, share, ops, lateness }) =>
      `${sentence(rank)} was last in ${Math.round(100 * share)} % of ${many(ops, 'collective')}, by ${(lateness / 1000).toFixed(0)} µs (median).`,
  );
