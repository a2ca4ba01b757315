import { plain } from '#core/format/numbers';
import type { ScheduleFacts } from '#multi-gpu/pipeline/facts';
import type { Basis, Departure } from '#multi-gpu/pipeline/recognised';

type Place = Extract<Departure, { what: 'missing' }>['operation'];

/** Departures that are listed one by one. */
const SHOWN = 20;

export const placeText = (o: Place) => `${o.kind} of microbatch ${o.microbatch} on stage ${o.stage}`;

const inOrder = (moved: number) => (moved === 0 ? 'all of them ran in its order' : `all but ${moved} ran in its order`);

/** What a schedule's name rests on, or why it has none. */
function basisText(basis: Basis, candidates: readonly string[]): string {
  switch (basis.by) {
    case 'places': {
      const missing = basis.missing > 0 ? `, and ${basis.missing} of it were not seen` : '';
      const alike = basis.alike.length > 0 ? `, which is also that of ${basis.alike.join(' and ')} with so few microbatches.` : '.';
      return `From the order of ${basis.operations} operations on ${basis.devices} devices: ${inOrder(basis.moved)}${missing}${alike}`;
    }
    case 'order': {
      const { operations, devices, moved, next } = basis;
      const order = `From the order of ${operations} operations without names on ${devices} devices: ${inOrder(moved)}`;
      if (candidates.length > 0) return `${order}; ${candidates.join(' and ')} explain it alike.`;
      return next === undefined ? `${order}.` : `${order}; against ${next.name}, the next best, ${next.moved} did not.`;
    }
    case 'forwards-only':
      return 'There are forwards only (inference): every schedule runs them in the same order.';
    case 'other-operations': {
      const { p, m, v } = basis.shape;
      return `The operations are those of none of the schedules that are known for ${p} stages, ${m} microbatches and ${v} virtual stages a device.`;
    }
    case 'other-places':
      return `The order is nobody's: even against ${basis.nearest}, the nearest, ${basis.moved} of ${basis.operations} operations ran elsewhere.`;
    case 'other-order':
      return `The order of what ran between the messages is that of no schedule that is known: ${basis.operations} operations were told apart.`;
    case 'one-rank':
      return 'only one rank was recorded, and what it did may be part of several. Give the reports of all ranks.';
  }
}

/** How the name of a schedule was found, or why there is none. */
export const detectedText = ({ basis, candidates }: Pick<ScheduleFacts, 'basis' | 'candidates'>): string =>
  basisText(
    basis,
    (candidates ?? []).map(c => c.name),
  );

function departureText(d: Departure): string {
  if (d.what === 'missing') return `${placeText(d.operation)} was not seen`;
  const after = d.after === undefined ? 'first' : `after ${placeText(d.after)}`;
  return `rank ${d.rank} ran ${placeText(d.operation)} ${after}, out of order`;
}

/** What ran elsewhere than in the textbook: the first of them, and how many more there are. */
export function departureTexts({ departures }: Pick<ScheduleFacts, 'departures'>): string[] {
  const told = departures
    .slice(0, SHOWN)
    .map(({ iteration, departure }) => `${iteration === undefined ? '' : `iteration ${iteration}: `}${departureText(departure)}`);
  return departures.length > SHOWN ? [...told, `and ${plain(departures.length - SHOWN)} more`] : told;
}
