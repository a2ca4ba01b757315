import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';
import { type Listing, listing } from '../parallel/listing.ts';
import { FactsByEntity } from './facts-by-entity.ts';
import { boards, errors, moment } from './gpu-tables.ts';
import { links, topology } from './link-tables.ts';
import { fits, missing, others, sources, xids } from './machine-tables.ts';

/** A part of the page: its tables, and sentences where there are any. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly tables: readonly Listing[];
  readonly lines: readonly string[];
}

const changes = (drift: Drift): Listing =>
  listing('What changed, the worst first', drift.items, [
    { head: 'Severity', text: i => i.severity },
    { head: 'Change', text: i => i.text, prose: true },
  ]);

/** What a page of a snapshot shows, in its order; HTML and Markdown say the same. @param drift against an earlier snapshot, where there is one */
export function sections(snapshot: Snapshot, drift: Drift | undefined): readonly Section[] {
  const facts = new FactsByEntity(snapshot.facts);
  const all: readonly Section[] = [
    ...(drift === undefined
      ? []
      : [{ id: 'drift', title: 'Since the earlier snapshot', tables: [changes(drift)], lines: [drift.answer, ...drift.not_compared] }]),
    { id: 'gpus', title: 'GPUs', tables: [boards(facts), moment(facts)], lines: [] },
    { id: 'errors', title: 'Errors', tables: [xids(snapshot), errors(facts)], lines: [] },
    { id: 'links', title: 'Links', tables: [links(facts), topology(facts)], lines: [] },
    { id: 'versions', title: 'Versions', tables: [fits(snapshot)], lines: [] },
    { id: 'machine', title: 'Machine', tables: [others(facts)], lines: [] },
    { id: 'missing', title: 'Not known', tables: [missing(snapshot)], lines: snapshot.notes },
    { id: 'sources', title: 'Sources', tables: [sources(snapshot)], lines: [] },
  ];
  return all.filter(({ tables, lines }) => lines.length > 0 || tables.some(t => t.rows.length > 0));
}
