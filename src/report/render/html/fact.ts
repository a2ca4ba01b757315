import { type Html, html } from './tag.ts';

/** A key number: what it is, its value, and what a reader must know to judge it. */
export const fact = (name: string, value: Html | string, note: Html | string): Html =>
  html`<div><dt>${name}</dt><dd><span class="value">${value}</span><span class="note">${note}</span></dd></div>`;
