import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { floorOf, type House, readHouse, roomOf, targetOf } from './house.ts';

const BEGIN = '<!-- picture: generated from the imports by `npm run gen` -->';
const END = '<!-- /picture -->';

type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

/** Which floors, or rooms, import from which. Tests do not count. */
function arrowsOf(house: House, src: string, placeOf: (path: string) => string): Arrows {
  const next = new Map<string, Set<string>>();
  for (const s of house.sources.filter(x => !x.isTest)) {
    const from = placeOf(s.file);
    const set = next.get(from) ?? new Set<string>();
    next.set(from, set);
    for (const { specifier } of s.imports) {
      const path = specifier === undefined ? undefined : targetOf(src, s.file, specifier);
      if (path !== undefined && placeOf(path) !== from) set.add(placeOf(path));
    }
  }
  return next;
}

/** Everything that can be reached from a place. */
function reached(next: Arrows, from: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const to of next.get(from) ?? []) {
    if (seen.has(to)) continue;
    seen.add(to);
    reached(next, to, seen);
  }
  return seen;
}

/** Arrows without those that a way over other places makes superfluous to a reader. */
const direct = (next: Arrows, from: string): readonly string[] => {
  const own = [...(next.get(from) ?? [])];
  return own.filter(to => !own.some(over => over !== to && reached(next, over).has(to))).sort();
};

/** Places in the order of the data: each after all that it imports from. */
function inOrder(next: Arrows, places: readonly string[]): readonly string[] {
  const done: string[] = [];
  const entered = new Set<string>();
  const visit = (place: string) => {
    if (entered.has(place)) return;
    entered.add(place);
    for (const to of [...(next.get(place) ?? [])].sort()) if (places.includes(to)) visit(to);
    done.push(place);
  };
  for (const place of [...places].sort()) visit(place);
  return done;
}

/** The picture: floors with their arrows (data flows along them), then the rooms of each floor in the order of the data. */
function picture(house: House, src: string): string {
  const floors = arrowsOf(house, src, floorOf);
  const rooms = arrowsOf(house, src, path => roomOf(house, path));
  const id = (floor: string) => floor.replaceAll('-', '_');
  const order = inOrder(floors, house.floors);
  const edges = order.flatMap(from => direct(floors, from).map(to => `  ${id(to)} --> ${id(from)}`));
  const roomsOf = (floor: string) => {
    const own = inOrder(
      rooms,
      house.rooms.filter(r => r.startsWith(`${floor}/`)),
    );
    return own.length === 0 ? '–' : own.map(r => `\`${r.slice(floor.length + 1)}\``).join(' ');
  };
  return [
    '```mermaid',
    'flowchart LR',
    ...order.map(floor => `  ${id(floor)}[${floor}]`),
    ...edges,
    '```',
    '',
    'Only the arrows that no longer way implies are drawn. Rooms, in the order of the data:',
    '',
    '| floor | rooms |',
    '| --- | --- |',
    ...order.map(floor => `| \`${floor}\` | ${roomsOf(floor)} |`),
  ].join('\n');
}

/** Text of ARCHITECTURE.md with its picture drawn anew. @throws Error when the marks between which it stands are gone */
export function architecture(root: URL): string {
  const src = fileURLToPath(new URL('src', root));
  const text = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`ARCHITECTURE.md lost its marks: put "${BEGIN}" and "${END}" where the picture belongs.`);
  return `${text.slice(0, begin + BEGIN.length)}\n${picture(readHouse(src), src)}\n${text.slice(end)}`;
}
