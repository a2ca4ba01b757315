/**
 * Marks that Markdown puts at the beginning of a line: a fence, a heading of the second level or below, and the rule under a table's
 * heading (CommonMark 0.31, 4.2 and 4.5; GitHub Flavored Markdown, 4.10). What tools write has none of them: `#` alone begins comments.
 */
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/m;
const HEADING = /^ {0,3}#{2,6} [^\s#]/m;
const TABLE_RULE = /^ {0,3}\|?(?: {0,3}:?-+:? {0,3}\|)+ {0,3}:?-+:? {0,3}\|?[\t \r]*$/m;
/**
 * A comment alone at the very start, words with single blanks between them, is a title; columns are set apart by more, or by commas.
 * Further down it may head a section of a configuration. perf stat -o writes such a line over its table.
 */
const TITLE = /^# (?!started on )[A-Za-z][^\s;,]*(?: [^\s;]+)*[ \r]*\n[\t \r]*\n/;

/**
 * Whether a text is Markdown. Notes and reports quote what tools wrote, whole, and each quoted line by itself looks like the tool's: that a
 * document speaks of telemetry shows only in what stands around it.
 */
export function isMarkdown(head: string): boolean {
  const text = head.trimStart();
  return FENCE.test(text) || HEADING.test(text) || TABLE_RULE.test(text) || TITLE.test(text);
}
