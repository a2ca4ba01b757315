import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { unlockCase } from '#record/capture/case-lock';
import { caseOf, filesOf, writeCase } from '#record/capture/case-of';
import { type FinishOptions, finish } from '#record/capture/finish';
import type { CaseFolder } from '#record/capture/folder';
import type { Entry, Plan } from '#record/capture/journal';
import type { Nsys } from '#record/nsys/installed';
import { redactText } from '#record/redaction/redact-text';
import { type Secrets, secretsOf } from '#record/redaction/secrets';
import type { Case } from '#schema/case';
import type { Report } from '#schema/report';
import { reportCase } from './case-report.ts';
import { controlResult } from './overhead.ts';

/** What a capture came to. */
export interface Captured {
  readonly folder: CaseFolder;
  readonly content: Case;
  readonly reports: readonly Report[];
  readonly signal: string | undefined;
}

/** What of this host and user must not be in a case. */
export function ownSecrets(command: readonly string[], keepEnv: readonly string[], env: NodeJS.ProcessEnv): Secrets {
  return secretsOf({ env, argv: command, host: hostname(), user: userInfo().username, home: homedir(), keep: keepEnv });
}

/** What a program said last, without empty lines. */
function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(/[\r\n]+/)
    .filter(l => l.trim() !== '')
    .slice(-count);
}

/** Export, redaction, analysis and case.json: all that follows a recording, whether now or later. */
export async function conclude(
  folder: CaseFolder,
  entries: readonly Entry[],
  plan: Plan,
  nsys: Nsys,
  options: FinishOptions,
): Promise<{ content: Case; reports: readonly Report[] }> {
  const { progress: tell, hurry } = options;
  const finished = await finish(folder, plan, nsys, options);
  const named = plan.requests === null ? undefined : join(folder.path, basename(plan.requests));
  const requests = named !== undefined && existsSync(named) ? named : undefined;
  const overhead = controlResult(folder, entries);
  const outcome = { finished, reports: new Map<string, string>(), missing: overhead.missing, notes: [], overhead: overhead.rows };
  const { folders, reports, missing } = await reportCase(folder, caseOf(entries, plan, outcome, []), requests, tell, hurry);
  const content = caseOf(
    entries,
    plan,
    {
      ...outcome,
      reports: folders,
      missing: [...overhead.missing, ...missing.map(m => (plan.redact ? redactText(m, options.secrets) : m))],
    },
    await filesOf(folder),
  );
  writeCase(folder, content);
  unlockCase(folder);
  if (content.status === 'workload-failed') for (const line of lastLines(folder.log('workload'), 5)) tell(`workload: ${line}`);
  return { content, reports };
}
