import { expect, test } from 'vitest';
import { type AdapterUse, adapterChooser } from './adapters.ts';

const names = Array.from({ length: 16 }, (_, i) => `a${i}`);
const use = (wish: Partial<AdapterUse>): AdapterUse => ({ names, session: 'random', sessions: 4, field: 'model', ...wish });
const all = (n: number) => Array.from({ length: n }, (_, i) => i);

test('random: each adapter is drawn about as often as the others, and the next one says nothing of the one before', () => {
  const choose = adapterChooser(use({ session: 'random' }), 3);
  const drawn = all(16_000).map(i => choose(i, null).adapter);
  const counts = names.map(name => drawn.filter(d => d === name).length);
  // 1000 ± 31 by the binomial: five standard deviations.
  expect(Math.min(...counts)).toBeGreaterThan(845);
  expect(Math.max(...counts)).toBeLessThan(1155);
  const repeated = drawn.filter((d, i) => d === drawn[i - 1]).length;
  expect(Math.abs(repeated / 16_000 - 1 / 16)).toBeLessThan(0.01);
});

test('sticky: a place of a closed loop keeps its adapter, and four places have four', () => {
  const choose = adapterChooser(use({ session: 'sticky' }), 3);
  const of = (place: number) => new Set(all(100).map(i => choose(i, place).adapter));
  const each = all(4).map(of);
  expect(each.map(adapters => adapters.size)).toEqual([1, 1, 1, 1]);
  expect(new Set(each.flatMap(adapters => [...adapters])).size).toBe(4);
});

test('sticky: the users of an open loop send at random, each for his own adapter', () => {
  const choose = adapterChooser(use({ session: 'sticky', sessions: 3 }), 3);
  const chosen = all(300).map(i => choose(i, null));
  expect(new Set(chosen.map(({ session }) => session))).toEqual(new Set([0, 1, 2]));
  expect(new Set(chosen.map(({ session, adapter }) => `${session} ${adapter}`)).size).toBe(3);
});

test('in turn: one after the other', () => {
  const choose = adapterChooser(use({ session: 'in-turn' }), 3);
  expect(all(17).map(i => choose(i, 0).adapter)).toEqual([...names, 'a0']);
});

test('the same seed chooses the same for a request, whoever sends it; another seed does not', () => {
  const [one, same, other] = [adapterChooser(use({}), 3), adapterChooser(use({}), 3), adapterChooser(use({}), 4)];
  const backwards = all(100)
    .reverse()
    .map(i => same(i, null))
    .reverse();
  expect(all(100).map(i => one(i, null))).toEqual(backwards);
  expect(all(100).map(i => other(i, null))).not.toEqual(backwards);
});
