import type { List, RootContent } from 'mdast';
import type { Line } from './block.ts';
import { linesIn } from './markdown-lines.ts';

/** Items that follow each other without a blank line, or what stands between or in them: code, a table, a second paragraph. */
export type ListPart = { readonly items: readonly Line[] } | { readonly node: RootContent };

/** A list in its order, lists in it as a part of it. */
export function partsOfList(list: List): ListPart[] {
  const parts: ListPart[] = [];
  let items: Line[] = [];
  let lastLine = 0;
  const flush = () => {
    if (items.length > 0) parts.push({ items });
    items = [];
  };
  const walk = ({ children }: List) => {
    for (const item of children)
      for (const [i, node] of item.children.entries()) {
        if (node.type === 'list') walk(node);
        else if (node.type === 'paragraph' && i === 0) {
          const lines = linesIn(node.children);
          const [first] = lines;
          if (first === undefined) continue;
          if (first.line > lastLine + 1) flush();
          items.push({ line: first.line, text: lines.map(line => line.text.trim()).join(' '), begins: true });
          lastLine = lines.at(-1)?.line ?? first.line;
        } else {
          flush();
          parts.push({ node });
          lastLine = node.position?.end.line ?? lastLine;
        }
      }
  };
  walk(list);
  flush();
  return parts;
}
