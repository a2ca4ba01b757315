import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Browsers nest no deeper either; what lies deeper is not read. */
export const DEEPEST = 512;
/** Elements that hold nothing to read. */
const UNREAD: ReadonlySet<string> = new Set(['script', 'style', 'svg', 'template']);

/** Whether a text is HTML from its beginning to its end. */
export const isHtmlPage = (text: string): boolean => /^\s*<(?:!doctype html|html)\b/i.test(text);

/** The nodes of a page, or of a part of one. */
export const nodesOf = (html: string): readonly HtmlNode[] => {
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false };
  return (isHtmlPage(html) ? parse(html, options) : parseFragment(html, options)).childNodes;
};

/** Whether a node is an element that may be read. */
export const isRead = (node: HtmlNode): node is HtmlElement => 'tagName' in node && !UNREAD.has(node.tagName);

/** All elements of these names, the outermost only. */
export function elementsIn(nodes: readonly HtmlNode[], names: readonly string[], depth = 0): HtmlElement[] {
  if (depth > DEEPEST) return [];
  return nodes
    .filter(isRead)
    .flatMap(element => (names.includes(element.tagName) ? [element] : elementsIn(element.childNodes, names, depth + 1)));
}

/** The text of some nodes; tags stand for a blank. */
export function textIn(nodes: readonly HtmlNode[], depth = 0): string {
  if (depth > DEEPEST) return '';
  return nodes.map(node => ('value' in node ? node.value : isRead(node) ? ` ${textIn(node.childNodes, depth + 1)} ` : '')).join('');
}

/** As `textIn`, on one line. */
export const plainTextIn = (nodes: readonly HtmlNode[]): string => textIn(nodes).replace(/\s+/g, ' ').trim();
