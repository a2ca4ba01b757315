import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the reports that this run has made so far: see report-on.ts. */
    analyses: string;
  }
}

/** Each run of the tests begins with no analysis and throws its own away, so none can be older than the code. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-analyses-'));
  project.provide('analyses', folder);
  project.onTestsRerun(async () => {
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
  });
  return () => rmSync(folder, { recursive: true, force: true });
}
