import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';
import { listed } from '../markdown/parallel.ts';
import { md } from '../markdown/text.ts';
import { snapshotAnswer, takenAt } from './answer.ts';
import { sections } from './sections.ts';

/** snapshot.md. @param drift against an earlier snapshot, where there is one */
export const snapshotMarkdown = (snapshot: Snapshot, drift?: Drift): string =>
  [
    '# Snapshot of a machine',
    '',
    `**${md(snapshotAnswer(snapshot))}**`,
    '',
    md(takenAt(snapshot)),
    '',
    ...sections(snapshot, drift).flatMap(({ title, tables, lines }) => [
      `## ${title}`,
      '',
      ...lines.map(line => `- ${md(line)}`),
      ...(lines.length === 0 ? [] : ['']),
      ...tables.flatMap(listed),
    ]),
  ].join('\n');
