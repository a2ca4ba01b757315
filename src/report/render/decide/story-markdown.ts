import { md, table } from '../markdown/text.ts';
import type { Story } from './story-parts.ts';

/** The story of a change as Markdown, for a pull request or a release note. */
export const storyMarkdown = ({ title, verdict, meanings, tables, open }: Story): string =>
  [
    `# ${md(title)}`,
    '',
    `**${md(verdict)}**`,
    '',
    ...meanings.map(line => `- ${md(line)}`),
    ...(meanings.length > 0 ? [''] : []),
    ...tables.flatMap(t => [`## ${md(t.title)}`, '', ...table(t.head, t.rows, t.head.map((_, i) => i).slice(1))]),
    ...(open.length === 0 ? [] : ['## What this does not show', '', ...open.map(line => `- ${md(line)}`), '']),
  ].join('\n');
