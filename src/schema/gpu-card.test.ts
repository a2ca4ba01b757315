import { describe, expect, test } from 'vitest';
import { cardOf, type GpuCard, isSameCard, type Machines } from './gpu-card.ts';

const A = 'aaaa-1';
const B = 'bbbb-2';
const [AT_18, AT_3B] = ['0000:18:00.0', '0000:3b:00.0'];

type Told = Partial<GpuCard>;
const cases = (machines: Machines, ...rows: readonly (readonly [string, Told, Told, boolean | undefined])[]) =>
  rows.map(([name, a, b, same]) => ({ name, machines, a: cardOf(a), b: cardOf(b), same }));

describe('two cards', () => {
  test.each([
    ...cases(
      'unknown',
      ['of one UUID are one, whatever their addresses', { uuid: A, bus: AT_18 }, { uuid: A, bus: AT_3B }, true],
      ['of two UUIDs are two, whatever their addresses', { uuid: A, bus: AT_18 }, { uuid: B, bus: AT_18 }, false],
      ['of one address on one named machine are one', { host: 'n1', bus: AT_18 }, { host: 'n1', bus: AT_18 }, true],
      ['of one address on two named machines are two', { host: 'n1', bus: AT_18 }, { host: 'n2', bus: AT_18 }, false],
      ['of one address may be on two machines', { bus: AT_18 }, { bus: AT_18 }, undefined],
      ['of two addresses are two on any machine', { bus: AT_18 }, { bus: AT_3B }, false],
      ['of which one names nothing may be one', { uuid: A, bus: AT_18 }, {}, undefined],
      ['that name different things may be one', { uuid: A }, { bus: AT_18 }, undefined],
    ),
    ...cases(
      'one',
      ['of one address are one', { bus: AT_18 }, { bus: AT_18 }, true],
      ['of one address and two UUIDs are two', { uuid: A, bus: AT_18 }, { uuid: B, bus: AT_18 }, false],
      ['of files that name two machines are two all the same', { host: 'n1', bus: AT_18 }, { host: 'n2', bus: AT_18 }, false],
      ['of which one names nothing may be one', { bus: AT_18 }, { uuid: A }, undefined],
    ),
  ])('$name ($machines machine)', ({ machines, a, b, same }) => {
    expect(isSameCard(a, b, machines)).toBe(same);
    expect(isSameCard(b, a, machines)).toBe(same);
  });
});
