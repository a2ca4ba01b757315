import type { EvidenceItem } from '#schema/evidence-item';

const SAFE = /^[\w@%+=:,./][\w@%+=:,./-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal raw.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const hex = (character: string) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** One word of a POSIX shell; names come out of traces, so nothing in them may run or move the cursor. */
function word(text: string): string {
  if (SAFE.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${[...text].map(c => (CONTROL.test(c) ? hex(c) : c === '\\' || c === "'" ? `\\${c}` : c)).join('')}'`;
}

/** The command with which a reader gets the same rows by hand; TRACE stands for wherever the trace lies by then. */
export function commandLine(evidence: Pick<EvidenceItem, 'query' | 'params'>): string {
  const params = Object.entries(evidence.params).map(([name, value]) => `--param ${word(`${name}=${value}`)}`);
  return ['forensics query', word(evidence.query), 'TRACE', ...params].join(' ');
}
