import { blocks } from '../prose.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** A number stays with its unit when lines are broken. */
export const unbroken = (text: string) => text.replace(/(\d) (?=(?:%|[mµn]?s|[kMGT]i?B|W|[MG]?Hz)(?!\w))/g, '$1\u00a0');

/** The name before a line's first colon, where it is short enough for one, stands out. */
function item(text: string): Html {
  const [, name, rest = ''] = /^([^:(]{1,60}(?: \([^)]*\))?):( .*)$/s.exec(text) ?? [];
  return name === undefined ? html`<li>${unbroken(text)}</li>` : html`<li><b>${unbroken(name)}:</b>${unbroken(rest)}</li>`;
}

/** An answer as paragraphs and lists. @param lead marks the first sentence, which is the verdict */
export function prose(text: string, lead = false): Html {
  return html`${blocks(text).map((block, at) => {
    if (block.kind === 'list') return html`<ul>${block.items.map(item)}</ul>`;
    const [, first, rest = ''] = (lead && at === 0 && /^(.+?[.!?])(?:\s+(?=[A-Z\d])(.*))?$/s.exec(block.text)) || [];
    return first === undefined
      ? html`<p>${unbroken(block.text)}</p>`
      : html`<p><strong>${unbroken(first)}</strong> ${rest === '' ? NOTHING : unbroken(rest)}</p>`;
  })}`;
}
