import { sum } from 'd3-array';
import { count, ms, msOf, percent, plain, us } from '#core/format/numbers';
import { type BadSetting, effectOf } from '#machine/nccl/settings';
import type { CollectiveFacts, LongJitter } from '#multi-gpu/collectives/facts';
import { VISIBLE_NS } from '#multi-gpu/collectives/observations';
import { CAUSE_TEXT } from '#schema/causes';
import type { Collectives } from '#schema/collectives';
import { shareOfWaiting } from './collective-causes.ts';
import { collectiveLimits, matchedBy } from './collective-limits.ts';

const sentence = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** A setting that slows communication down, and what it does. */
const settingSentence = ({ name, value }: BadSetting): string => `${name}=${value}: ${effectOf(name)}.`;

/** The collectives of a report: what was measured, and what that says. */
export function wordCollectives(facts: CollectiveFacts): Collectives {
  const { payloads, ordered, longJitter, usuallyLast, spells, settings, limits, ...figures } = facts;
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
  return [...(facts.ops > 0 ? waitingOf(facts) : []), ...pointToPointOf(facts), exposedOf(facts)].join(' ');
}

const exposedOf = ({ exposed_share }: CollectiveFacts) =>
  exposed_share >= 0.995
    ? 'No communication overlaps compute.'
    : `${percent(exposed_share)} of the communication does not overlap compute.`;

function pointToPointOf({ point_to_point, ops }: CollectiveFacts): string[] {
  if (point_to_point.ops === 0) return [];
  const took = `${count(point_to_point.ops, 'send or receive', 'sends and receives')} between two ranks${ops === 0 ? ' (no collectives)' : ''}`;
  return [
    `Each rank spent ${ms(point_to_point.transfer_ms + point_to_point.wait_ms)} on average in ${took}: ${ms(point_to_point.transfer_ms)} of transfer and ${ms(point_to_point.wait_ms)} until the other side was ready, as the order of the program's work has it.`,
  ];
}

function waitingOf(c: CollectiveFacts): string[] {
  const total = c.transfer_ms + c.wait_ms;
  const out = [
    `Each rank spent ${ms(total)} on average in ${count(c.ops, 'collective')} of ${c.ranks.length} ranks: ${ms(c.transfer_ms)} of transfer (as long as the rank that waits least) and ${ms(c.wait_ms)} of waiting.`,
  ];
  for (const l of c.late)
    out.push(
      `${sentence(l.rank)} came late ${l.count === 1 ? 'once' : count(l.count, 'time')}, and the others waited ${ms(l.wait_ms)} for it, all of them together (${percent(shareOfWaiting(l.wait_ms, c))} of all waiting): ${CAUSE_TEXT[l.cause].title.toLowerCase()} (${l.why}).`,
    );
  if (c.late.length === 0) out.push('No rank was late beyond the jitter.');
  const ordered_ms = c.ordered.total / 1e6 / c.ranks.length;
  if (c.ordered.count > 0)
    out.push(
      `${ms(ordered_ms)} of a rank’s waiting follow from the order of the work (${count(c.ordered.count, 'wait')} of up to ${msOf(c.ordered.longest)} after sends and receives): nobody is called late for that.`,
    );
  const other = ms(Math.max(0, c.jitter_ms - ordered_ms));
  const which =
    c.late.length === 0 && ordered_ms === 0 ? `All ${other} of waiting is jitter` : `The rest is jitter, ${other} a rank on average`;
  out.push(`${which}${longJitterOf(c.ranks, c.longJitter)}.`);
  return [...out, ...spellsOf(c), ...habitsOf(c)];
}

function longJitterOf(labels: readonly string[], { longest, counts }: LongJitter): string {
  const total = sum(counts);
  if (total === 0) return '';
  const whom = labels.flatMap((label, r) => ((n = 0) => (n > 0 ? `${plain(n)} ${label}` : []))(counts[r])).join(', ');
  return ` (${count(total, 'wait')} of ${plain(VISIBLE_NS / 1e6)} to ${msOf(longest)} among it, by who came last: ${whom})`;
}

/** Stretches that are told one by one. */
const TOLD_SPELLS = 3;

/** The stretches in which a rank came late again and again: the longest ones, and how many more there were. */
function spellsOf({ spells }: CollectiveFacts): string[] {
  if (spells.length === 0) return [];
  const longest = spells.toSorted((a, b) => b.late - a.late || a.from - b.from).slice(0, TOLD_SPELLS);
  const told = longest.map(
    s => `at ${ms(s.from / 1e6)} ${s.rank} was last ${plain(s.count)} times within ${msOf(s.to - s.from)} (${msOf(s.late)} together)`,
  );
  const more = spells.length - longest.length;
  return [`Short waits came in bursts: ${told.join('; ')}${more > 0 ? `; and ${count(more, 'burst')} more` : ''}.`];
}

const habitsOf = ({ usuallyLast }: CollectiveFacts): string[] =>
  usuallyLast.map(
    ({ rank, share, ops, lateness }) =>
      `${sentence(rank)} came last to ${percent(share)} of ${count(ops, 'collective')}, by ${us(lateness / 1000)} (median): a constant skew.`,
  );
