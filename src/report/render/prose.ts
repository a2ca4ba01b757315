/** A part of an answer: a paragraph, or a list of lines. */
export type Block = { readonly kind: 'paragraph'; readonly text: string } | { readonly kind: 'list'; readonly items: readonly string[] };

const ITEM = '- ';

/** Cuts an answer into paragraphs and lists: a line that begins with `- ` is an item, any other one a paragraph. */
export function blocks(text: string): Block[] {
  const out: ({ kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] })[] = [];
  for (const line of text.split('\n').map(l => l.trim())) {
    if (line === '') continue;
    const last = out.at(-1);
    if (!line.startsWith(ITEM)) out.push({ kind: 'paragraph', text: line });
    else if (last?.kind === 'list') last.items.push(line.slice(ITEM.length));
    else out.push({ kind: 'list', items: [line.slice(ITEM.length)] });
  }
  return out;
}
