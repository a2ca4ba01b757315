import { CAUSE_LOOK, causeToken, DRAWN_CAUSES, TOKENS } from '../charts/palette.ts';

const declarations = (scheme: 'light' | 'dark') =>
  [
    ...Object.entries(TOKENS).map(([name, [light, dark]]) => `--${name}:${scheme === 'light' ? light : dark}`),
    ...DRAWN_CAUSES.map(cause => `--${causeToken(cause)}:${CAUSE_LOOK[cause][scheme]}`),
    '--fill-unexplained:url(#hatch)',
  ].join(';');

/** The names that charts and page paint with. Paper is always light. */
export const COLOURS = `:root{color-scheme:light dark;${declarations('light')}}
@media screen and (prefers-color-scheme:dark){:root{${declarations('dark')}}}
@media print{:root{color-scheme:light}}`;
