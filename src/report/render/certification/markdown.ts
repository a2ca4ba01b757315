import type { Certification } from '#schema/certification';
import { listed } from '../markdown/parallel.ts';
import { md } from '../markdown/text.ts';
import { failedChecks, figures, history, knees, odd, sources, state } from './listings.ts';

const items = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${head}:`, '', ...lines.map(line => `- ${md(line)}`), ''];

/** certification.md. */
export const certificationMarkdown = (c: Certification): string =>
  [
    `# Certification${c.gpu_model === null ? '' : `: ${md(c.gpu_model)}`}`,
    '',
    `**${md(c.answer)}**`,
    '',
    ...listed(failedChecks(c)),
    ...listed(odd(c)),
    ...listed(figures(c)),
    ...listed(knees(c)),
    ...listed(state(c)),
    ...listed(history(c)),
    ...items('What cannot be told', c.cannot_tell),
    ...items('Peaks, dense, by', sources(c)),
    ...items(
      'Files',
      c.inputs.map(i => `${i.path} (${i.format})`),
    ),
  ].join('\n');
