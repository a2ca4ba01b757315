import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checks } from '#audit/checks/index.gen';
import { CONSISTENT, CONTRADICTORY } from '#audit/contradictory.test-data';
import { failureOf, runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-command-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const PATIENCE = 60_000;

describe('forensics audit', () => {
  test(
    'prints what it read and each contradiction with its place, and exits with 1',
    async () => {
      const run = await runCli(['audit', file('wrong.md', CONTRADICTORY)]);
      expect(run.code).toBe(1);
      expect(run.stdout).toMatch(/wrong\.md: document, clock none; \d+ of \d+ numbers understood/);
      expect(run.stdout).toContain('9 contradictions:');
      expect(run.stdout).toMatch(/^impossible {2}pipeline-bubble {2}wrong\.md:\d+, wrong\.md:\d+/m);
    },
    PATIENCE,
  );
  test(
    'is silent and exits with 0 where all fits',
    async () => {
      const run = await runCli(['audit', file('right.md', CONSISTENT)]);
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('No contradiction among') });
    },
    PATIENCE,
  );
  test(
    'as JSON prints nothing else, also what could not be read, and exits with 2 then',
    async () => {
      const run = await runCli(['audit', '--json', file('wrong.md', CONTRADICTORY), join(folder, 'none.md')]);
      expect(run.code).toBe(2);
      const Audit = z.object({
        schema: z.literal('forensics.audit/1'),
        files: z.array(z.object({ path: z.string(), format: z.string(), claims: z.number() })).length(1),
        failed: z.array(z.object({ path: z.string(), why: z.string() })).length(1),
        contradictions: z
          .array(
            z.object({
              check: z.string(),
              severity: z.string(),
              sentence: z.string(),
              from: z.array(z.object({ file: z.string() })).min(1),
            }),
          )
          .length(9),
      });
      expect(Audit.safeParse(JSON.parse(run.stdout)).error).toBeUndefined();
    },
    PATIENCE,
  );
  test(
    'says in one sentence what it cannot read',
    async () => expect(failureOf(await runCli(['audit', join(folder, 'nowhere.md')])).sentence).toContain('does not exist'),
    PATIENCE,
  );
});

test('docs/audit.md has a row for every check, and no other', () => {
  const rows = readFileSync(resolve(import.meta.dirname, '../docs/audit.md'), 'utf8').matchAll(/^\| `(?<id>[a-z-]+)` \|/gm);
  expect([...rows].map(r => r.groups?.['id']).toSorted()).toEqual(checks.map(c => c.id).toSorted());
});
