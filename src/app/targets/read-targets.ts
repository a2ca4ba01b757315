import { readConfig } from '#app/inputs/config-file';
import { Targets } from '#schema/targets';

/** What must be reached, as a file says. @throws ForensicsError not-found, bad-record */
export const readTargets = (file: string): Targets =>
  readConfig(file, Targets, {
    what: 'file of targets',
    hint: 'See docs/compare.md for one, and schemas/forensics.targets-1.schema.json for what it may hold.',
  });
