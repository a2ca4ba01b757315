import { expect, test } from 'vitest';
import { BAR_COLOURS } from '../html/mini-timeline-style.ts';
import { CAUSE_LOOK, DRAWN_CAUSES, inLightColours, type Look, paint, TOKENS } from './palette.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira & Fernandes 2009, severity 1: how the three dichromacies see linear RGB. */
const SEEN: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (hex: string): Triple => {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};
const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (m: Matrix, v: Triple): Triple => [dot(m[0], v), dot(m[1], v), dot(m[2], v)].map(x => Math.min(1, Math.max(0, x))) as never;

function oklab(rgb: Triple): Triple {
  const [l, m, s] = [
    Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], rgb)),
    Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], rgb)),
    Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], rgb)),
  ];
  const lms: Triple = [l, m, s];
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], lms),
    dot([1.9779984951, -2.428592205, 0.4505937099], lms),
    dot([0.0259040371, 0.7827717662, -0.808675766], lms),
  ];
}

/** Distance in hundredths of OKLab for each kind of eyes. */
const distances = (a: string, b: string) =>
  Object.values(SEEN).map(m => {
    const [p, q] = [oklab(times(m, linear(a))), oklab(times(m, linear(b)))];
    return 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  });
/** For the eyes that tell the two apart worst. */
const apart = (a: string, b: string) => Math.min(...distances(a, b));
/** For eyes that see every colour. Two reds of one chart, of different lightness, lie about 8 apart: a reader takes them for one. */
const atAGlance = (a: string, b: string) => distances(a, b)[0] ?? 0;
const GLANCE = 12;

/** Pairs of names whose colours a measure finds too near. */
const tooNear = (names: readonly string[], near: (a: string, b: string) => boolean) =>
  names.flatMap((a, i) => names.slice(i + 1).flatMap(b => (near(a, b) ? [`${a} and ${b}`] : [])));

const contrast = (a: string, b: string) => {
  const [p, q] = [a, b].map(hex => dot([0.2126, 0.7152, 0.0722], linear(hex)) + 0.05) as [number, number];
  return Math.max(p, q) / Math.min(p, q);
};

const schemes = ['light', 'dark'] as const;
const colourOf = (name: string, scheme: 'light' | 'dark') => TOKENS[name]?.[scheme === 'light' ? 0 : 1] ?? '';

test.each(schemes)('no two causes look the same to anyone, in the %s scheme', scheme => {
  const looks: [string, Look][] = DRAWN_CAUSES.filter(c => c !== 'as expected' && c !== 'outside the trace').map(c => [c, CAUSE_LOOK[c]]);
  const alike = looks.flatMap(([a, x], i) =>
    looks.slice(i + 1).flatMap(([b, y]) => (x.shape === y.shape && apart(x[scheme], y[scheme]) < 10 ? [`${a} and ${b}`] : [])),
  );
  expect(alike).toEqual([]);
});

test.each(schemes)('every cause stands out from the page, and text is read easily, in the %s scheme', scheme => {
  const faint = DRAWN_CAUSES.filter(
    c => c !== 'as expected' && c !== 'outside the trace' && contrast(CAUSE_LOOK[c][scheme], colourOf('bg', scheme)) < 3,
  );
  expect(faint).toEqual([]);
  const dim = ['ink', 'muted', 'accent'].filter(name => contrast(colourOf(name, scheme), colourOf('bg', scheme)) < 4.5);
  expect(dim).toEqual([]);
});

/** Bands and bars show a cause by its colour alone. */
test.each(schemes)('two causes have one colour or two that differ at a glance, in the %s scheme', scheme => {
  const hues = [...new Set(DRAWN_CAUSES.filter(c => c !== 'as expected' && c !== 'outside the trace').map(c => CAUSE_LOOK[c][scheme]))];
  expect(hues.length).toBeGreaterThan(8);
  expect(tooNear(hues, (a, b) => atAGlance(a, b) < GLANCE)).toEqual([]);
});

/** Colours that one legend may hold. */
const LEGENDS = [
  ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7', 'series-8'],
  ['compute', 'communication', 'copy'],
  ['inside', 'outside'],
  ['op-F', 'op-B', 'op-W', 'op-several'],
  ['transfer', 'wait', 'wait-late', 'wait-jitter'],
  Object.values(BAR_COLOURS),
];

test.each(schemes)('colours of one legend differ at a glance and stand out from the page, in the %s scheme', scheme => {
  const at = (name: string) => colourOf(name, scheme);
  expect(LEGENDS.flatMap(names => tooNear(names, (a, b) => atAGlance(at(a), at(b)) < GLANCE))).toEqual([]);
  expect(LEGENDS.flat().filter(name => name !== 'op-several' && contrast(at(name), at('bg')) < 3)).toEqual([]);
});

const PAINTED = [
  ['op-F', 'op-B', 'op-W', 'op-several'],
  ['transfer', 'wait', 'wait-late', 'wait-jitter'],
] as const;

test.each(schemes)('operations, and the parts of waiting, are told apart by anyone, in the %s scheme', scheme => {
  const alike = PAINTED.flatMap(names =>
    names.flatMap((a, i) =>
      names.slice(i + 1).flatMap(b => (apart(colourOf(a, scheme), colourOf(b, scheme)) < 10 ? [`${a} and ${b}`] : [])),
    ),
  );
  expect(alike).toEqual([]);
  const dim = PAINTED[0].filter(name => name !== 'op-several' && contrast(colourOf('on-op', scheme), colourOf(name, scheme)) < 4.5);
  expect(dim).toEqual([]);
});

test('outside the page, colour names become colours', () => {
  expect(inLightColours({ fill: paint('ink'), stroke: [paint('cause-host-compute')], other: 'var(--unknown)' })).toEqual({
    fill: '#15191D',
    stroke: ['#0050CC'],
    other: 'var(--unknown)',
  });
});
