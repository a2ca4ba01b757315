import { CAUSE_LOOK, causeToken, paint, type Shape } from '../charts/palette.ts';
import { causeTitle, type DrawnCause } from '../wording.ts';
import { type Html, html } from './tag.ts';

const OUTLINE: Readonly<Record<Shape, string>> = {
  circle: 'M6 1.5a4.5 4.5 0 1 0 .01 0z',
  square: 'M2 2h8v8h-8z',
  diamond: 'M6 .8 10.6 6 6 11.2 1.4 6z',
  'triangle-up': 'M6 1.2 11 10.4H1z',
  'triangle-down': 'M6 10.8 11 1.6H1z',
  'triangle-right': 'M10.8 6 1.6 11V1z',
  cross: 'M4.3 1.2h3.4v3.1h3.1v3.4H7.7v3.1H4.3V7.7H1.2V4.3h3.1z',
};

/** The mark of a cause, as in the charts. Hidden from screen readers: the name stands beside it. */
export function causeMark(cause: DrawnCause): Html {
  const colour = paint(causeToken(cause));
  const fill = cause === 'outside the trace' ? 'none' : colour;
  return html`<svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><path d="${OUTLINE[CAUSE_LOOK[cause].shape]}" fill="${fill}" stroke="${colour}"/></svg>`;
}

export const causeName = (cause: DrawnCause): Html => html`<span class="cause">${causeMark(cause)}${causeTitle(cause)}</span>`;

const list = (label: string, items: readonly Html[]): Html =>
  html`<ul class="legend" aria-label="${label}">${items.map(item => html`<li>${item}</li>`)}</ul>`;

export const causeLegend = (causes: readonly DrawnCause[]): Html => list('Legend: causes', causes.map(causeName));

export const swatchLegend = (label: string, items: readonly { name: string; colour: string; hollow?: boolean }[]): Html =>
  list(
    label,
    items.map(
      ({ name, colour, hollow }) =>
        html`<span class="cause"><span class="swatch${hollow ? ' hollow' : ''}" style="--swatch:${colour}"></span>${name}</span>`,
    ),
  );
