import { CAUSES, CAUSE_LOOK as LOOKS } from '#schema/causes';
import type { DrawnCause } from '../wording.ts';

export type Shape = 'circle' | 'square' | 'diamond' | 'triangle-up' | 'triangle-down' | 'triangle-right' | 'cross';
export interface Look {
  readonly shape: Shape;
  readonly light: string;
  readonly dark: string;
}

/** The one look of each cause, in every chart and legend. */
export const CAUSE_LOOK: Readonly<Record<DrawnCause, Look>> = {
  ...LOOKS,
  'as expected': { light: '#98A1AA', dark: '#727C86', shape: 'circle' },
  'outside the trace': { light: '#A7B0B8', dark: '#69737D', shape: 'circle' },
};

export const DRAWN_CAUSES: readonly DrawnCause[] = [...CAUSES, 'unexplained', 'as expected', 'outside the trace'];

/** A colour of the page, as charts name it: resolved by the page's style sheet, so that charts follow light, dark and print. */
export const paint = (name: string) => `var(--${name})`;
export const causeToken = (cause: DrawnCause) => `cause-${cause.replaceAll(' ', '-')}`;

/** Everything else that has a colour: [light, dark]. */
export const TOKENS: Readonly<Record<string, readonly [string, string]>> = {
  bg: ['#FFFFFF', '#14171A'],
  panel: ['#F6F7F9', '#1B1F24'],
  ink: ['#15191D', '#E7EAED'],
  muted: ['#56606A', '#9DA7B1'],
  line: ['#D5DAE0', '#343B43'],
  grid: ['#E6E9ED', '#272D34'],
  accent: ['#0A58CA', '#7AB8FF'],
  shade: ['#DCE0E4', '#363D45'],
  compute: ['#6A7698', '#7C8FA3'],
  communication: ['#04A08E', '#3CCFBC'],
  copy: ['#C77D2D', '#F0A85C'],
  inside: ['#C2410C', '#FF9A5C'],
  outside: ['#3B6EA5', '#7FB2EA'],
  'series-1': ['#295A8D', '#8BB5F6'],
  'series-2': ['#C25616', '#F68846'],
  'series-3': ['#248844', '#4ABB6C'],
  'series-4': ['#703BBF', '#B67BEF'],
  'series-5': ['#AF8D08', '#F0D061'],
  'series-6': ['#02A3B0', '#56EAEE'],
  'series-7': ['#E53F84', '#FE92C7'],
  'series-8': ['#755852', '#8A959D'],
  // Operations of a pipeline: their microbatch stands on them in 'on-op'.
  'op-F': ['#1F5FBF', '#7AB8FF'],
  'op-B': ['#9A5B00', '#F2CA53'],
  'op-W': ['#4A1150', '#A8FFF1'],
  'op-several': ['#8A939C', '#69737D'],
  'on-op': ['#FFFFFF', '#14171A'],
  'phase-warmup': ['#DCE9F8', '#1D2C40'],
  'phase-steady': ['#F0F1F3', '#22262B'],
  'phase-cooldown': ['#F6E7CF', '#382E1B'],
  transfer: ['#6D7F92', '#7C8FA3'],
  'wait-late': ['#B5341B', '#FF9A5C'],
  'wait-jitter': ['#B98A1E', '#F2E2A4'],
  wait: ['#1B4F9C', '#7FB2EA'],
  // The page replaces this one by a hatching; a picture outside the page keeps the plain colour.
  'fill-unexplained': ['#6B747D', '#8C959E'],
};

const light: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(TOKENS).map(([name, [value]]) => [name, value]),
  ...DRAWN_CAUSES.map(cause => [causeToken(cause), CAUSE_LOOK[cause].light]),
]);

/** Every colour name in a spec replaced by its light value, for use where there is no style sheet. */
export const inLightColours = <T>(spec: T): T =>
  JSON.parse(JSON.stringify(spec).replace(/var\(--([\w-]+)\)/g, (whole, name: string) => light[name] ?? whole));
