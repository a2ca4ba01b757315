import { describe, expect, test } from 'vitest';
import { integrate } from './integrate.ts';

const at = (step: number, to: number, value: (t: number) => number) =>
  Array.from({ length: Math.round(to / step) + 1 }, (_, i) => ({ t: i * step, value: value(i * step) }));

describe('energy in a window', () => {
  test('is exact where power is a straight line, edges between readings included', () => {
    // ∫ (100 + 10 t) dt from 2.25 to 7.75.
    const found = integrate(
      at(0.5, 10, t => 100 + 10 * t),
      [2.25, 7.75],
    );
    expect(found.energy_j).toBeCloseTo(100 * 5.5 + 5 * (7.75 ** 2 - 2.25 ** 2), 9);
    expect(found).toMatchObject({ covered_s: 5.5, readings: 11, codes: [], counter_j: null });
    expect(found.mean_w).toBeCloseTo(150, 9);
  });
  test('leaves out gaps, and says so', () => {
    const readings = at(0.5, 20, () => 200).filter(r => r.t <= 5 || r.t >= 10);
    expect(integrate(readings, [0, 20])).toMatchObject({
      energy_j: 3000,
      covered_s: 15,
      mean_w: 200,
      codes: ['gap', 'window-not-covered'],
    });
  });
  test('ends where the readings end', () =>
    expect(
      integrate(
        at(0.5, 5, () => 200),
        [0, 10],
      ),
    ).toMatchObject({ energy_j: 1000, covered_s: 5, codes: ['window-not-covered'] }));
  test('of no reading is not known, not zero', () =>
    expect(integrate([], [0, 10])).toMatchObject({ energy_j: null, mean_w: null, codes: ['too-few-readings', 'window-not-covered'] }));
  test('is not claimed for less than a second', () =>
    expect(
      integrate(
        at(0.05, 2, () => 200),
        [0.5, 1.4],
      ),
    ).toMatchObject({ codes: ['window-too-short'], energy_j: null, mean_w: null, max_w: null }));
  test('is not claimed from a handful of readings', () =>
    expect(
      integrate(
        at(2, 8, () => 200),
        [1, 7],
      ).codes,
    ).toEqual(['too-few-readings']));
});

describe('the energy counter', () => {
  const power = at(0.1, 20, t => 300 + (t % 2));
  const counter = (scale: number) => at(1, 20, t => 5e6 + 300.5 * scale * t);
  test('confirms an integral within 5 %', () => {
    const found = integrate(power, [2, 18], { counter: counter(1.03) });
    expect(found.codes).toEqual([]);
    expect(found.counter_j).toBeCloseTo(300.5 * 1.03 * 16, 3);
  });
  test('refutes one that is further off', () =>
    expect(integrate(power, [2, 18], { counter: counter(1.1) }).codes).toEqual(['counter-disagrees']));
  test('is left out where it does not reach over the window, or starts anew', () => {
    expect(integrate(power, [2, 18], { counter: counter(1.1).slice(0, 10) })).toMatchObject({ counter_j: null, codes: [] });
    const reset = counter(1).map(r => (r.t > 9 ? { ...r, value: r.value - 5e6 } : r));
    expect(integrate(power, [2, 18], { counter: reset })).toMatchObject({ counter_j: null, codes: [] });
  });
});

describe('where readings of power are not enough', () => {
  const exact = (to: number) => at(5, to, t => 1e6 + 400 * t);
  test('scrapes 5 s apart have the energy of their counter', () => {
    const found = integrate(
      at(5, 60, () => 400),
      [0, 60],
      { counter: exact(60) },
    );
    expect(found).toMatchObject({ energy_by: 'counter', energy_j: 24_000, mean_w: 400, codes: [] });
  });
  test('and without one they have a bound', () => {
    const found = integrate(
      at(5, 60, t => (t % 10 === 0 ? 100 : 400)),
      [0, 60],
    );
    expect(found).toMatchObject({ energy_j: null, codes: ['gap', 'window-not-covered'] });
    const partly = integrate([...at(1, 20, () => 100), { t: 30, value: 300 }], [0, 30]);
    expect(partly).toMatchObject({ energy_by: 'readings', energy_j: 2000, energy_low_j: 3000, energy_high_j: 5000 });
  });
  test('a counter that no reading comes near is not the figure', () =>
    expect(
      integrate(
        at(5, 60, () => 400),
        [0, 60],
        { counter: at(5, 60, t => 4000 * t) },
      ),
    ).toMatchObject({ energy_by: 'readings', energy_j: null }));
  test('nor is one whose readings lie far from the edges of the window', () =>
    expect(
      integrate(
        at(5, 60, () => 400),
        [7.5, 12.5],
        { counter: exact(60) },
      ),
    ).toMatchObject({ energy_by: 'readings' }));

  test('a sensor that averages over a second is not fit for less than ten, on either side of ten', () => {
    const codes = (to: number) =>
      integrate(
        at(0.1, 30, () => 400),
        [5, to],
        { sensorWindow_s: 1 },
      ).codes;
    expect(codes(14.9)).toEqual(['averaged-power']);
    expect(codes(15.1)).toEqual([]);
  });
  test('its counter is', () =>
    expect(
      integrate(
        at(0.1, 30, () => 400),
        [5, 7],
        { sensorWindow_s: 1, counter: at(0.1, 30, t => 400 * t) },
      ),
    ).toMatchObject({
      energy_by: 'counter',
      codes: [],
    }));
});
