/** A string or template literal of a source file. */
export interface Text {
  /** What it says; what is filled in stands as `…`. */
  readonly text: string;
  readonly line: number;
  /** Names of the calls that it is an argument of, the innermost first: `new ForensicsError(…)` is `ForensicsError`. */
  readonly calls: readonly string[];
}

/** What may come before a slash that begins a regular expression, and not a division. */
const BEFORE_REGEX = /(?:^|[=(,:;[!&|?{}+<>~]|=>|\breturn|\bcase|\btypeof)\s*$/;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const QUOTED = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//y;
const CALLEE = /([\w$]+)\s*(?:<[^<>()]*>)?$/;
/** Words of the language that a bracket may follow. */
const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'return', 'catch', 'function', 'of', 'in', 'await', 'typeof', 'case']);

/** All string and template literals of a source, those inside of others too. */
export function textsOf(source: string): Text[] {
  const out: Text[] = [];
  /** What is open: a bracket with the call that it belongs to, or the filled-in part of a template. */
  const open: { readonly call: string | undefined; readonly template?: { text: string; at: number } }[] = [];
  let code = '';
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const add = (text: string, from: number) =>
    out.push({ text, line: source.slice(0, from).split('\n').length, calls: open.flatMap(o => o.call ?? []).reverse() });
  /** Reads on in a template until it ends or something is filled in. */
  const template = (begun: { text: string; at: number }) => {
    for (; at < source.length; at++) {
      if (source[at] === '\\') begun.text += source[++at] ?? '';
      else if (source[at] === '`') {
        at++;
        code += '""';
        return add(begun.text, begun.at);
      } else if (source.startsWith('${', at)) {
        at += 2;
        begun.text += '…';
        code += '{';
        return open.push({ call: undefined, template: begun });
      } else begun.text += source[at];
    }
    return undefined;
  };
  while (at < source.length) {
    const c = source[at] ?? '';
    const skipped = match(COMMENT);
    const quoted = match(QUOTED);
    const regex = c === '/' && BEFORE_REGEX.test(code) ? match(REGEX) : undefined;
    if (skipped !== undefined) at += skipped.length;
    else if (quoted !== undefined) {
      add(quoted.slice(1, -1).replace(/\\(.)/g, '$1'), at);
      at += quoted.length;
      code += '""';
    } else if (regex !== undefined) {
      at += regex.length;
      code += '0';
    } else if (c === '`') {
      at++;
      template({ text: '', at: at - 1 });
    } else {
      at++;
      if (c === '(') {
        const [, callee] = CALLEE.exec(code) ?? [];
        open.push({ call: callee === undefined || KEYWORDS.has(callee) ? undefined : callee });
      } else if (c === '{' || c === '[') open.push({ call: undefined });
      else if (c === ')' || c === '}' || c === ']') {
        const closed = open.pop();
        if (closed?.template !== undefined) {
          template(closed.template);
          continue;
        }
      }
      code = (code + c).slice(-200);
    }
  }
  return out;
}

/** Whether a text is a sentence or a part of one: three words or more with blanks between. A slot that is filled in is a word. */
export const isProse = (text: string): boolean => /(?:^|\s)[\p{L}…][\p{L}\d…’'-]*[,;:.]?(?:\s+[\p{L}\d…(][^\s]*){2,}/u.test(text);
