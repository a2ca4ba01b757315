import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type DepsList, parseDepsList } from './deps-list.ts';
import { type Import, importsOf, withoutComments } from './imports.ts';

/** A source file, its path below src. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Its text without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly isTest: boolean;
}

/** The house: floors are the folders of src, rooms the folders in it that have a DEPS.list. */
export interface House {
  readonly floors: readonly string[];
  /** Floors and rooms, as paths below src. */
  readonly rooms: readonly string[];
  readonly sources: readonly Source[];
  readonly lists: ReadonlyMap<string, DepsList>;
}

const slashes = (path: string) => path.split(sep).join('/');
const IS_TEST = /\.test(-data)?\.tsx?$/;

/** Reads src. @param src an absolute path */
export function readHouse(src: string): House {
  const entries = readdirSync(src, { recursive: true, withFileTypes: true });
  const path = (e: { readonly parentPath: string; readonly name: string }) => slashes(relative(src, join(e.parentPath, e.name)));
  const sources = entries
    .filter(e => e.isFile() && /\.[cm]?[jt]sx?$/.test(e.name))
    .map(e => {
      const text = readFileSync(join(e.parentPath, e.name), 'utf8');
      return { file: path(e), text, code: withoutComments(text), imports: importsOf(text), isTest: IS_TEST.test(e.name) };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const lists = new Map(
    entries
      .filter(e => e.isFile() && e.name === 'DEPS.list')
      .map(e => [slashes(relative(src, e.parentPath)), parseDepsList(readFileSync(join(e.parentPath, e.name), 'utf8'))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const floors = readdirSync(src, { withFileTypes: true })
    .filter(e => e.isDirectory() && readdirSync(join(src, e.name)).length > 0)
    .map(e => e.name);
  return { floors, rooms: [...new Set([...floors, ...lists.keys()])].sort(), sources, lists };
}

export const floorOf = (path: string): string => path.split('/')[0] ?? '';

/** The room in which a path lies: the nearest folder above it that has a DEPS.list, else its floor. */
export function roomOf({ lists }: Pick<House, 'lists'>, path: string): string {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) if (lists.has(folder)) return folder;
  return floorOf(path);
}

/** Where an import of our own code leads, as a path below src; undefined for packages and for what lies outside of src. */
export function targetOf(src: string, file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) {
    const path = specifier.slice(1);
    return existsSync(join(src, floorOf(path))) ? `${path}.ts` : undefined;
  }
  if (!specifier.startsWith('.')) return undefined;
  const path = slashes(relative(src, resolve(src, dirname(file), specifier)));
  return path.startsWith('..') ? undefined : path;
}

/** Groups of things that reach one another in circles, each sorted; of one that reaches itself, itself alone. */
export function circlesIn(next: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  // Tarjan's strongly connected components (SIAM J. Comput. 1:146, 1972).
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    let least = own;
    index.set(node, own);
    stack.push(node);
    for (const to of next.get(node) ?? []) {
      if (!index.has(to)) least = Math.min(least, visit(to));
      else if (stack.includes(to)) least = Math.min(least, index.get(to) ?? least);
    }
    low.set(node, least);
    if (least === own) {
      const group = stack.splice(stack.indexOf(node)).sort();
      if (group.length > 1 || next.get(node)?.has(node) === true) found.push(group);
    }
    return least;
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return found;
}
