import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { fileHash } from '#app/inputs/file-hash';
import { statsOf } from '#core/stats-of';
import { EpochClock } from '#record/samplers/epoch-clock';
import { Step } from '#schema/step';
import type { Place } from './place.ts';

/** What happened to a step, as it lies in steps/ID.json. */
export type Marker = Omit<Step, 'schema' | 'step' | 'plan_sha256'>;

/** A few hundred files of one step at the most. */
const LARGEST_MARKER = 2 ** 20;
const BLANK: Marker = { state: 'begun', attempts: 0, reason: null, notes: [], files: [], began_ns: null, ended_ns: null };
const fileOf = (id: string): string => join('steps', `${id}.json`);

/** The markers of a run: what has been done, by which plan. */
export class Markers {
  readonly #place: Place;
  readonly #plan: string;
  readonly #clock = new EpochClock();

  /** @param plan SHA-256 of the plan: a marker of another plan counts for nothing */
  constructor(place: Place, plan: string) {
    this.#place = place;
    this.#plan = plan;
  }

  /** The marker of a step; undefined where there is none, or none that can be right. */
  read(id: string): Marker | undefined {
    const file = this.#place.of(fileOf(id));
    const stats = statsOf(file);
    if (stats?.isFile() !== true || stats.size > LARGEST_MARKER) return undefined;
    try {
      const { schema, step, plan_sha256, ...marker } = Step.parse(JSON.parse(readFileSync(file, 'utf8')));
      return step === id && plan_sha256 === this.#plan ? marker : undefined;
    } catch {
      // Cut off, or not ours: then the step was not done.
      return undefined;
    }
  }

  #write(id: string, marker: Marker): void {
    const content: Step = { schema: 'forensics.step/1', step: id, plan_sha256: this.#plan, ...marker };
    writeFiles(this.#place.path, { [fileOf(id)]: `${JSON.stringify(Step.parse(content), null, 2)}\n` });
  }

  begin(id: string): void {
    const before = this.read(id);
    this.#write(id, { ...BLANK, attempts: (before?.attempts ?? 0) + 1, began_ns: String(this.#clock.now()) });
  }

  /** @param files that the step wrote, below the folder of the run; a folder stands for all that lies in it */
  async done(id: string, notes: readonly string[], files: readonly string[]): Promise<void> {
    const paths = files.flatMap(file => this.#filesIn(file)).sort();
    const hashed: Step['files'] = [];
    for (const path of paths) hashed.push({ path, sha256: await fileHash(this.#place.of(path)) });
    this.#write(id, { ...(this.read(id) ?? BLANK), state: 'done', notes: [...notes], files: hashed, ended_ns: String(this.#clock.now()) });
  }

  failed(id: string, reason: string): void {
    this.#write(id, { ...(this.read(id) ?? BLANK), state: 'failed', reason, ended_ns: String(this.#clock.now()) });
  }

  notDone(id: string, reason: string): void {
    this.#write(id, { ...BLANK, attempts: this.read(id)?.attempts ?? 0, state: 'not-done', reason });
  }

  /** Whether a step was done and all that it wrote is there as it was. */
  async holds(id: string): Promise<boolean> {
    const marker = this.read(id);
    if (marker?.state !== 'done') return false;
    for (const { path, sha256 } of marker.files) {
      const file = this.#place.of(path);
      if (relative(this.#place.path, file).startsWith('..') || statsOf(file)?.isFile() !== true) return false;
      if ((await fileHash(file)) !== sha256) return false;
    }
    return true;
  }

  #filesIn(path: string): string[] {
    const full = this.#place.of(path);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [path];
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(this.#place.path, join(entry.parentPath, entry.name)));
  }
}
