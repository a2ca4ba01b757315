import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { BrokenInput } from './broken-input.ts';
import { CauseFile, RestFile } from './cause-file.ts';

const FOLDER = 'src/diagnosis/causes';

/** A cause with the id of its folder. */
export interface CauseEntry extends CauseFile {
  readonly id: string;
}

/** All causes in their order, and the words for what none of them explains. */
export interface Causes {
  readonly causes: readonly CauseEntry[];
  readonly rest: RestFile;
}

function read<T extends z.ZodType>(root: URL, file: string, schema: T): z.infer<T> {
  if (!existsSync(new URL(file, root))) throw new BrokenInput(file, 'is missing: each folder of a cause says in it what the cause means');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(new URL(file, root), 'utf8'));
  } catch (error) {
    throw new BrokenInput(file, error instanceof Error ? error.message : String(error));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BrokenInput(
    file,
    parsed.error.issues.map(i => (i.path.length > 0 ? `${i.path.join('.')}: ${i.message}` : i.message)).join('; '),
  );
}

/** The first entry whose key another has had before it. */
function repeated<T>(entries: readonly T[], key: (entry: T) => unknown): { readonly first: T; readonly again: T } | undefined {
  const seen = new Map<unknown, T>();
  for (const again of entries) {
    const first = seen.get(key(again));
    if (first !== undefined) return { first, again };
    seen.set(key(again), again);
  }
  return undefined;
}

/**
 * Reads src/diagnosis/causes/*\/cause.json. They are JSON, not typed source: the generator reads them without compiling what it is about to
 * generate, and neither schema nor report comes near a detector.
 * @param queries names of the evidence queries that there are
 * @throws BrokenInput in one sentence that begins with the file's name
 */
export function readCauses(root: URL, queries: ReadonlySet<string>): Causes {
  const causes = readdirSync(new URL(`${FOLDER}/`, root), { withFileTypes: true })
    .filter(d => d.isDirectory())
    .map(d => ({ id: d.name, ...read(root, fileOf(d.name), CauseFile) }))
    .toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  const rest = read(root, `${FOLDER}/unexplained.json`, RestFile);
  for (const [file, { evidence }] of [...causes.map(c => [fileOf(c.id), c] as const), [`${FOLDER}/unexplained.json`, rest] as const])
    for (const { query } of evidence) if (!queries.has(query)) throw new BrokenInput(file, `queries/evidence has no ${query}.sql`);
  const place = repeated(causes, c => c.order);
  if (place !== undefined) throw new BrokenInput(fileOf(place.again.id), `order ${place.again.order} is that of ${place.first.id}`);
  const fault = repeated(
    causes.flatMap(c => c.faults.map(name => ({ id: c.id, name }))),
    f => f.name,
  );
  if (fault !== undefined) throw new BrokenInput(fileOf(fault.again.id), `the fault ${fault.again.name} is that of ${fault.first.id}`);
  const waiting = causes.filter(c => c.flags.includes('waiting'));
  if (waiting.length !== 1) throw new BrokenInput(`${FOLDER}/*/cause.json`, `one cause has the flag waiting, not ${waiting.length}`);
  return { causes, rest };
}

const fileOf = (id: string) => `${FOLDER}/${id}/cause.json`;
