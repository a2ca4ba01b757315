import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { expectedGpusOf } from '#app/health/expected-gpus';
import { textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { statsOf } from '#core/stats-of';
import { wrongShape } from '#core/wrong-shape';
import { Plan } from '#schema/plan';

/** A plan takes a few kB. */
const LARGEST = 2 ** 20;
const HINT = 'docs/run.md shows one, and schemas/forensics.plan-1.schema.json says what it may hold.';
const bad = (what: string, hint = HINT) => new ForensicsError('bad-argument', what, hint);

/** A plan before it is checked: what a file says, or the command line. */
export type PlanDraft = Readonly<Record<string, unknown>>;
const isDraft = (value: unknown): value is PlanDraft => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a file of YAML, or JSON, says. @throws ForensicsError not-found, bad-argument */
export function readDraft(file: string): PlanDraft {
  assertExists(file);
  const stats = statsOf(file);
  if (stats?.isFile() !== true || stats.size > LARGEST) throw bad(`${file} is no plan: it is a folder, or has more than 1 MiB`);
  let draft: unknown;
  try {
    draft = parse([...textOf(file)].join(''), { prettyErrors: true, strict: true, uniqueKeys: true });
  } catch (error) {
    if (error instanceof ForensicsError) throw error;
    throw bad(`${file} is not YAML (${reasonOf(error).split('\n')[0] ?? ''})`);
  }
  if (!isDraft(draft)) throw bad(`${file} is no plan: it holds no fields`);
  return besidePlan(draft, dirname(file));
}

/** What a plan names lies where the plan does. */
function besidePlan(draft: PlanDraft, folder: string): PlanDraft {
  const { targets, cost } = draft;
  const prices = isDraft(cost) ? cost['api_prices'] : undefined;
  return {
    ...draft,
    ...(typeof targets === 'string' ? { targets: resolve(folder, targets) } : {}),
    ...(isDraft(cost) && typeof prices === 'string' ? { cost: { ...cost, api_prices: resolve(folder, prices) } } : {}),
  };
}

/** One plan over another: fields of a field are laid over one by one, all else replaces what was there. */
export function laidOver(below: PlanDraft, above: PlanDraft): PlanDraft {
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const before = merged[name];
    merged[name] = isDraft(before) && isDraft(value) ? laidOver(before, value) : value;
  }
  return merged;
}

function issueText(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') return `there is no field ${[...issue.path, issue.keys.join(', ')].join('.')}`;
  return `${where === '' ? 'it' : where}: ${wrongShape(issue)}`;
}

/** What a plan asks for and cannot be had together. */
function assertSense(plan: Plan): void {
  const { load, server, capture, expect } = plan;
  if (expect !== undefined && expectedGpusOf(expect) === undefined)
    throw bad(`expect: ${expect} is no number of GPUs and their model`, 'Write it as 8xB200 or 2xH200 NVL.');
  if (server !== undefined && load === undefined && capture === undefined)
    throw bad('a server is started, and nothing asks it', 'Name a load (--url and --rate), or a capture.');
  if (load === undefined && capture === undefined && !plan.physics)
    throw bad('the plan measures nothing', 'Name a load (--url and --rate), a capture, or physics: true.');
  if (capture !== undefined && server === undefined)
    throw bad('capture needs a server that the plan starts', 'nsys records only what it starts: name its command (after --).');
}

/** A draft as a plan, with its defaults. @param where it was read, for what is said of it @throws ForensicsError bad-argument */
export function planOf(draft: PlanDraft, where: string): Plan {
  const found = Plan.safeParse(draft);
  if (!found.success) throw bad(`${where}: ${issueText(found.error.issues[0])}`);
  assertSense(found.data);
  return found.data;
}

/** SHA-256 of what a plan says, whatever its file looks like. */
export const planHash = (plan: Plan): string => createHash('sha256').update(JSON.stringify(plan)).digest('hex');
