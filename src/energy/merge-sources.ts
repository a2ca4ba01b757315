import { basename } from 'node:path';
import { ForensicsError } from '#core/errors';
import { isSameCard, type Machines } from '#schema/gpu-card';
import type { Rows } from '#schema/relation';
import { type Reading, ReadingColumns } from './readings.ts';
import type { PowerSource } from './sources.ts';

/**
 * One source for each thing that was metered, of several files: power from the first that has it (one after the other, where they follow each other),
 * the counter from whichever does. What has no power is left out. GPUs are one where UUID or address say so, never because they have a number in common.
 * @param machines on which the files were written
 * @throws ForensicsError bad-argument where power of two files may be that of one GPU or of two
 */
export function mergeSources(sources: readonly PowerSource[], machines: Machines): PowerSource[] {
  const merged: PowerSource[] = [];
  for (const source of sources) {
    const at = merged.findIndex(other => isOne(other, source, machines));
    const other = merged[at];
    if (other === undefined) merged.push(source);
    else merged[at] = joined(other, source);
  }
  return namedApart(merged.filter(s => s.power.length > 0));
}

/** Whether two sources are one thing. */
function isOne(a: PowerSource, b: PowerSource, machines: Machines): boolean {
  if (a.level !== b.level) return false;
  if (a.gpu === undefined || b.gpu === undefined) return a.entity === b.entity;
  const isSame = isSameCard(a.card, b.card, machines);
  if (isSame !== undefined) return isSame;
  if (machines === 'one' || a.entity !== b.entity) return a.entity === b.entity;
  // A counter alone claims no power, and one that is of another card disagrees with the readings.
  if (a.power.length === 0 || b.power.length === 0) return true;
  if (a.path === b.path) return false;
  throw new ForensicsError(
    'bad-argument',
    `${a.entity} of ${a.path} and ${b.entity} of ${b.path} may be one GPU or two: not both files say which card it is`,
    'Record uuid with --query-gpu, or give the files one at a time.',
  );
}

function joined(a: PowerSource, b: PowerSource): PowerSource {
  const [first, second] = a.power.length === 0 ? [b, a] : [a, b];
  return {
    ...first,
    power: inTurn(first.power, second.power),
    counter: first.counter.length > 0 ? first.counter : second.counter,
    ranBack: a.ranBack || b.ranBack,
  };
}

/** Readings of recordings that follow one another, as one; of those that go on at the same time the first. */
function inTurn(a: Rows<Reading>, b: Rows<Reading>): Rows<Reading> {
  const [endOfA, startOfB, endOfB, startOfA] = [a.at(-1)?.t, b.at(0)?.t, b.at(-1)?.t, a.at(0)?.t];
  if (endOfA === undefined || startOfA === undefined || startOfB === undefined || endOfB === undefined) return a;
  if (startOfB <= endOfA && startOfA <= endOfB) return a;
  const both = new ReadingColumns();
  for (const readings of startOfB > endOfA ? [a, b] : [b, a]) for (const { t, value } of readings) both.push(t, value);
  return both;
}

/** Two GPUs of one number are told apart by their files. */
const namedApart = (sources: readonly PowerSource[]): PowerSource[] =>
  sources.map(s => {
    const isAlone = sources.every(other => other === s || other.entity !== s.entity);
    return isAlone ? s : { ...s, entity: `${s.entity} (${basename(s.path)})` };
  });
