import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesIn, floorOf, readHouse, roomOf, type Source, targetOf } from '../tools/architecture/house.ts';
import { isProse, textsOf } from '../tools/architecture/texts.ts';

const SRC = resolve(import.meta.dirname, '../src');
const house = readHouse(SRC);
const sources = house.sources.filter(s => !s.isTest);
const tests = house.sources.filter(s => s.isTest);

/** The floors, lowest first: data flows upwards. No floor knows one above it. */
const FLOORS = [
  'core',
  'schema',
  'machine',
  'input',
  'trace',
  'diagnosis',
  'multi-gpu',
  'energy',
  'audit',
  'decide',
  'report',
  'record',
  'app',
  'cli',
];
const HEIGHT = new Map(FLOORS.map((floor, height) => [floor, height]));

/** Files that start a process although they are not in room `record/processes`, each with the reason. */
const MAY_START_PROCESSES = [
  // A running SQLite query cannot be interrupted in its own process; what a user types runs in a child with a time limit.
  'app/query/ask-trace.ts',
  // A generator of load needs flags of V8 and a channel to the process that started it, with which it ends.
  'record/load-test/generator/generators.ts',
];
/** The process that sends the requests of a load test ends itself. */
const IS_A_PROCESS = ['record/load-test/generator/generator-main.ts'];
/** Writes numbers as documents do, with four significant digits and no padding, so that a reader finds them there. */
const WRITES_AS_DOCUMENTS_DO = ['audit/wording.ts'];
/** What runs through these is facts: none of it is a sentence yet. `input` and `audit` say what is wrong in a file in that file's own words. */
const WITHOUT_WORDS = ['core', 'schema', 'machine', 'trace', 'diagnosis', 'multi-gpu', 'energy', 'decide', 'app/analyze'];
/** Calls whose text a user reads at once or nobody does: a mistake refused, a bug, what goes on now, a statement of SQL, a field's meaning in a schema. */
const SAY_AT_ONCE = ['ForensicsError', 'Error', 'RangeError', 'fail', 'refused', 'progress', 'prepare', 'exec', 'describe', 'regex'];
/** Places below the report that hold words all the same, each with the reason. */
const HOLDS_WORDS: Readonly<Record<string, string>> = {
  'core/errors.ts': 'what each code of an error means',
  'core/format/': 'how numbers read',
  'core/secrets/': 'what stands in place of what is hidden',
  'trace/pages/file-header.ts': 'how a database of SQLite begins',
  'diagnosis/causes/': 'a cause is one folder, its words with it: what it blames is a phrase in them',
  'trace/queries/index.gen.ts': 'what queries and their columns mean, generated from the SQL',
  'machine/nccl/': 'what settings of NCCL do, and the names of its variables',
  'machine/rules/': 'a rule is one folder, its words with it',
  'decide/storage/hypotheses/': 'a hypothesis is one folder, its words with it',
  'decide/storage/margins.ts': 'why an effect is the smallest that matters, which hypotheses share',
  'multi-gpu/ranks/clocks.ts': 'a value of the report that is older than this rule',
  'schema/causes.gen.ts': 'the words of the causes, generated from their folders',
  'diagnosis/explain-outside.ts': 'the phrase for what a cause blames, where no detector finds it',
  'diagnosis/groups/late-peers.ts': 'the same, of a late rank',
  'diagnosis/requests/queue-incidents.ts': 'the same, of a queue',
  'diagnosis/steps/explain-stalls.ts': 'the same, of a stall that no loss explains',
  'multi-gpu/collectives/late-cause.ts': 'the same, of a late rank: detectors put it into theirs',
  'multi-gpu/collectives/longer-work.ts': 'the same',
  'trace/events/trace-facts.ts': 'the same: what a GPU operation is called that has no name',
  'diagnosis/telemetry/associations.ts': 'names of counters',
  'diagnosis/telemetry/clock-signal.ts': 'the phrase for what a cause blames, where telemetry shows it',
  'diagnosis/telemetry/disk-waits.ts': 'names of states of disks',
  'diagnosis/telemetry/host-signals.ts': 'the same',
  'diagnosis/telemetry/signals.ts': 'the same',
  'diagnosis/token-steps/explain-by-telemetry.ts': 'the same, of a stall that the times of tokens show',
  'core/reason-of.ts': 'errors of the file system and of SQLite, as every floor that writes or reads tells them',
  'core/wrong-shape.ts': 'what a value lacks, as every floor that reads foreign files tells it',
  'diagnosis/telemetry/samples.ts': 'names of the reasons of a lowered clock and of counters of the host',
  'diagnosis/requests/overhead.ts': 'names of figures',
  'diagnosis/requests/expected.ts': 'names of terms',
  'diagnosis/requests/usual-pace.ts': 'names of terms',
  'diagnosis/waits/wait-classes.ts': 'keys, which nobody reads',
  'diagnosis/clock/clock.ts': 'parts of the sentence by which a file is refused',
  'diagnosis/lanes/data-loader.ts': 'the same: the name of a worker process',
  'multi-gpu/training/saving-ranges.ts': 'the same, of a checkpoint',
  'multi-gpu/training/slow-steps.ts': 'the same, of a step that waited for a late rank',
  'machine/peaks/boards.ts': 'names of GPUs and of the documents that give their peaks',
  'schema/report-invariants.ts': 'parts of the sentence by which a report that contradicts itself is refused',
  'schema/targets.ts': 'the same, of a file of targets',
  'schema/storage-config.ts': 'the same, of a config of storage',
  'schema/sweep-plan.ts': 'the same, of a plan of a sweep',
  'energy/window.ts': 'the same, of an option',
  'energy/run.ts': 'the same: what a refusal calls a run',
  'multi-gpu/pipeline/grammar/user-grammar.ts': 'the same, of an option',
  'multi-gpu/pipeline/grammar/grammars.ts': 'names of programs, and where their ranges were looked up',
  'multi-gpu/pipeline/schedules/': 'where an order was taken from',
  'schema/report.ts': 'a value of the report that is older than this rule',
  'trace/kineto/':
    "keys of the profiler's JSON, parts of the sentences by which a trace is refused, and what one lacks in the profiler's words",
  'trace/nsys/': "SQL, and what a trace lacks in the vendor's words, which nobody else knows",
};

/** Files with one function of more than 60 lines, each with the reason. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  'trace/nsys/scan.ts': 'what is called once a row names each column: a loop over them would take most of the time (bench/README.md)',
};

/** Floors whose arrays are columns of a trace, or derived from them. Elsewhere an item that is not there may well be 0. */
const WITH_COLUMNS = ['core', 'trace', 'diagnosis', 'multi-gpu', 'energy', 'report/build', 'app/analyze'];

const where = (path: string) => roomOf(house, path);
const target = (file: string, specifier: string) => targetOf(SRC, file, specifier);

/** What a file reaches for outside of its room, named as DEPS.list names it: `#room`, or a package. */
function reaches({ file, imports }: Source): { readonly to: string; readonly typeOnly: boolean }[] {
  return imports.flatMap(({ specifier, typeOnly }) => {
    if (specifier === undefined) return [];
    const path = target(file, specifier);
    if (path === undefined) return [{ to: specifier, typeOnly }];
    return where(path) === where(file) ? [] : [{ to: `#${where(path)}`, typeOnly }];
  });
}

/** What of a list a file may touch: its lines for all, `[.]` where it lies in no room of the floor, and its own section. */
function allowedBy(room: string, file: string): ReadonlySet<string> {
  const list = house.lists.get(room);
  if (list === undefined) return new Set();
  const inRoom = file.slice(room.length + 1);
  return new Set([...list.all, ...(room.includes('/') ? [] : (list.sections.get('.') ?? [])), ...(list.sections.get(inRoom) ?? [])]);
}
const allows = (allowed: ReadonlySet<string>, { to, typeOnly }: { readonly to: string; readonly typeOnly: boolean }) =>
  allowed.has(to) || (typeOnly && allowed.has(`${to} type`));

/** Files outside the given rooms or floors in whose code a pattern occurs. */
const offenders = (pattern: RegExp, home: readonly string[], except: readonly string[] = []) =>
  sources
    .filter(s => !home.some(h => s.file.startsWith(`${h}/`)) && !except.includes(s.file) && !s.file.endsWith('.gen.ts'))
    .filter(s => pattern.test(s.code))
    .map(s => s.file);
const importing = (name: string, home: readonly string[]) =>
  sources
    .filter(s => !home.some(h => s.file.startsWith(`${h}/`)) && s.imports.some(i => i.specifier?.split('/')[0] === name))
    .map(s => s.file);

describe('floors', () => {
  test('are these, and nothing lies beside them', () => {
    expect([...house.floors].sort()).toEqual([...FLOORS].sort());
    expect(house.sources.filter(s => !s.file.includes('/')).map(s => s.file)).toEqual([]);
  });
  test('each has a DEPS.list, and so has each room on it', () => {
    const rooms = FLOORS.flatMap(floor =>
      readdirSync(resolve(SRC, floor), { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [`${floor}/${e.name}`] : [])),
    );
    expect([...FLOORS, ...rooms].filter(room => !existsSync(resolve(SRC, room, 'DEPS.list')))).toEqual([]);
  });
  test('know only what lies below them', () => {
    const upward = sources.flatMap(s =>
      s.imports.flatMap(i => {
        const to = i.specifier === undefined ? undefined : target(s.file, i.specifier);
        return to !== undefined && (HEIGHT.get(floorOf(to)) ?? 0) > (HEIGHT.get(floorOf(s.file)) ?? 0) ? [`${s.file} → ${to}`] : [];
      }),
    );
    expect(upward).toEqual([]);
  });
});

describe.each(FLOORS)('floor %s', floor => {
  const list = house.lists.get(floor);
  const reached = sources
    .filter(s => floorOf(s.file) === floor)
    .flatMap(s =>
      reaches(s).flatMap(({ to }) => (to.startsWith('#') && floorOf(to.slice(1)) !== floor ? [`#${floorOf(to.slice(1))}`] : [])),
    );
  test('reaches only the floors that its DEPS.list names', () => expect([...new Set(reached)].filter(f => !list?.all.has(f))).toEqual([]));
  test('names no floor that it does not reach', () => expect([...(list?.all ?? [])].filter(f => !reached.includes(f))).toEqual([]));
});

describe.each(house.rooms)('room %s', room => {
  const list = house.lists.get(room);
  const isFloor = !room.includes('/');
  const own = sources.filter(s => where(s.file) === room);
  const used = own.flatMap(s => reaches(s).map(r => ({ ...r, file: s.file })));
  const wants = isFloor ? [...(list?.sections.get('.') ?? [])] : [...(list?.all ?? [])];

  test('touches only what its DEPS.list allows', () => {
    expect(used.filter(u => !allows(allowedBy(room, u.file), u)).map(u => `${u.file} → ${u.to}${u.typeOnly ? ' type' : ''}`)).toEqual([]);
  });
  test('lists nothing it does not touch', () => {
    const isUsed = (line: string, files: (file: string) => boolean) =>
      used.some(u => files(u.file) && (line === u.to || (u.typeOnly && line === `${u.to} type`)));
    const forAll = wants.filter(line => !isUsed(line, () => true));
    const forFiles = [...(list?.sections ?? [])].flatMap(([file, lines]) =>
      file === '.' ? [] : [...lines].filter(line => !isUsed(line, f => f === `${room}/${file}`)).map(line => `[${file}] ${line}`),
    );
    expect([...forAll, ...forFiles]).toEqual([]);
  });
  test('is left by # names alone, and never names itself so', () => {
    const wrong = house.sources
      .filter(s => where(s.file) === room)
      .flatMap(s =>
        s.imports.flatMap(({ specifier }) => {
          const to = specifier === undefined ? undefined : target(s.file, specifier);
          if (to === undefined) return specifier?.startsWith('../') === true ? [`${s.file} → ${specifier}`] : [];
          return (where(to) === room) === specifier?.startsWith('#') ? [`${s.file} → ${specifier}`] : [];
        }),
      );
    expect(wrong).toEqual([]);
  });
});

describe('arrows', () => {
  test('of rooms go one way', () => {
    // A file that lies in no room stands for itself: some of a floor's are what its rooms rest on, some what brings them together.
    const placeOf = (file: string) => (where(file).includes('/') ? where(file) : file);
    const next = new Map(sources.map(s => [placeOf(s.file), new Set<string>()]));
    for (const s of sources)
      for (const { specifier } of s.imports) {
        const to = specifier === undefined ? undefined : target(s.file, specifier);
        if (to !== undefined && placeOf(to) !== placeOf(s.file)) next.get(placeOf(s.file))?.add(placeOf(to));
      }
    expect(circlesIn(next)).toEqual([]);
  });
  test('of files go one way, types included', () => {
    const files = new Set(sources.map(s => s.file));
    const next = new Map(
      sources.map(s => [
        s.file,
        new Set(s.imports.flatMap(i => (i.specifier === undefined ? [] : (target(s.file, i.specifier) ?? []))).filter(f => files.has(f))),
      ]),
    );
    expect(circlesIn(next)).toEqual([]);
  });
  test('are written out: an import that is computed cannot be judged', () => {
    expect(sources.filter(s => s.imports.some(i => i.specifier === undefined)).map(s => s.file)).toEqual([]);
  });
});

test('no words of zod or SQLite reach a user: core/wrong-shape.ts and core/reason-of.ts have our own', () => {
  expect(offenders(/\bissue\??\.message\b|\bissues\b.*\.message\b|prettifyError|treeifyError/, [], ['core/wrong-shape.ts'])).toEqual([]);
  // What is wrong with SQL that a user wrote only SQLite can say.
  const readsSqlite = sources.filter(s => s.code.includes('SqliteError') && /\berror\.message\b/.test(s.code)).map(s => s.file);
  expect(readsSqlite).toEqual(['trace/nsys/trace-store.ts']);
});

test('tests obey the walls: a test reaches no floor above its own', () => {
  const beyond = tests.flatMap(s =>
    reaches(s).flatMap(({ to }) => {
      if (!to.startsWith('#') || to.startsWith('#test')) return [];
      const floor = floorOf(to.slice(1));
      return (HEIGHT.get(floor) ?? 0) <= (HEIGHT.get(floorOf(s.file)) ?? 0) ? [] : [`${s.file} → ${to}`];
    }),
  );
  expect(beyond).toEqual([]);
});

describe('only', () => {
  test('record/processes starts processes', () => {
    const users = importing('node:child_process', ['record/processes']);
    expect(users.filter(f => !MAY_START_PROCESSES.includes(f))).toEqual([]);
    expect(MAY_START_PROCESSES.filter(f => !users.includes(f))).toEqual([]);
  });
  // Redaction writes a copy of a trace, never the original, and the copy has to be opened for that.
  test('trace/nsys opens SQLite, and redaction the copy that it makes', () =>
    expect(importing('better-sqlite3', ['trace/nsys', 'record/redaction'])).toEqual([]));
  test('core/temporary makes temporary files, so that all of them are removed whatever way a process ends', () =>
    expect(offenders(/\bmkdtemp|\btmpdir\b/, ['core/temporary'])).toEqual([]));
  test('cli talks to the console and sets the exit code', () =>
    expect(offenders(/\bconsole\s*\.|\bprocess\.(exit|exitCode|stdout|stderr)\b/, ['cli'], IS_A_PROCESS)).toEqual([]));
  test('cli, app and record read the clock, chance or the environment', () =>
    expect(offenders(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.env\b/, ['cli', 'app', 'record'])).toEqual([]));
  // What is private stands in tables that no query reads: redaction has to know them by name, in one file.
  test("trace/nsys and queries/prelude know the vendor's tables, and redaction its private ones", () =>
    expect(
      offenders(/CUPTI_ACTIVITY_KIND_|NVTX_EVENTS|StringIds|TARGET_INFO_/, ['trace/nsys'], ['record/redaction/vendor-places.ts']),
    ).toEqual([]));
  test('core/format, report and cli write numbers for readers', () =>
    expect(
      offenders(/\.toFixed\(|\.toLocaleString\(|\.toPrecision\(/, ['core/format', 'core/math', 'report', 'cli'], WRITES_AS_DOCUMENTS_DO),
    ).toEqual([]));
});

describe('sentences are made by report and cli', () => {
  const proseIn = (source: string) => textsOf(source).filter(t => isProse(t.text) && !t.calls.some(call => SAY_AT_ONCE.includes(call)));
  const places = Object.keys(HOLDS_WORDS);
  const told = sources
    .filter(s => WITHOUT_WORDS.some(place => s.file.startsWith(`${place}/`)))
    .flatMap(s => proseIn(s.text).map(t => ({ file: s.file, told: `${s.file}:${t.line}: ${t.text}` })));
  const isIn = (file: string, place: string) => (place.endsWith('/') ? file.startsWith(place) : file === place);

  test('and what lies below returns facts', () =>
    expect(told.filter(t => !places.some(place => isIn(t.file, place))).map(t => t.told)).toEqual([]));
  test('but for these places, of which none is without need', () =>
    expect(places.filter(place => !told.some(t => isIn(t.file, place)))).toEqual([]));

  // A § stands for the sign that fills something into a template.
  test.each([
    ["return { why: 'the records end too early' };", ['the records end too early']],
    ['notes.push(`§{n} iteration(s) were left out.`);', ['… iteration(s) were left out.']],
    ['const a = [`one §{b ? `of two words` : "some more words here"} end`];', ['of two words', 'some more words here', 'one … end']],
    ["notes.add('it was (as it seems) lost');", ['it was (as it seems) lost']],
    ["return { text: x.map(y => ({ how: 'in three words' })) };", ['in three words']],
  ])('a sentence is seen in %s', (source, expected) => expect(proseIn(source.replaceAll('§', '$')).map(t => t.text)).toEqual(expected));
  test.each([
    "throw new ForensicsError('bad-argument', `§{x} is no file here`, 'Name another one, please.');",
    "type By = { readonly by: 'early-end' } | { readonly by: 'two words' };",
    "// a comment with many words, and 'quotes that hold some words'",
    'db.prepare(`SELECT name FROM temp.name WHERE id = §{id}`);',
    "const parts = text.split(/' and then some '/);",
    "const key = `§{a}:§{b}|§{c.join(', ')}`;",
  ])('none is seen in %s', source => expect(proseIn(source.replaceAll('§', '$'))).toEqual([]));
});

test.each([
  ['diagnosis/causes', 'detector.ts'],
  ['input/formats', 'importer.ts'],
  ['audit/checks', 'check.ts'],
  ['decide/storage/hypotheses', 'hypothesis.ts'],
])('each folder of %s can be deleted: nothing but the index imports it', (room, main) => {
  const unitOf = (path: string) => {
    const folder = path.startsWith(`${room}/`) ? (path.slice(room.length + 1).split('/')[0] ?? '') : '';
    return existsSync(resolve(SRC, room, folder, main)) && folder !== '' ? folder : undefined;
  };
  const crossings = sources
    .filter(s => !s.file.endsWith('.gen.ts'))
    .flatMap(s => s.imports.map(i => ({ from: s.file, to: i.specifier === undefined ? undefined : target(s.file, i.specifier) })))
    .filter(({ from, to }) => to !== undefined && unitOf(to) !== undefined && unitOf(to) !== unitOf(from));
  expect(crossings).toEqual([]);
});

test('a missing item of a column is never taken for 0', () => {
  const taken = offenders(/\]\s*\?\?\s*0\b/, []);
  expect(taken.filter(f => WITH_COLUMNS.some(place => f.startsWith(`${place}/`)))).toEqual([]);
});

describe('one thing in one place', () => {
  test('a lane is made by diagnosis/lanes alone', () =>
    expect(offenders(/\bforeignOps:|\bregularStreams\(|\bLAUNCH_NS =|\bREGULAR_SHARE =/, ['diagnosis/lanes'])).toEqual([]));
  test('those who ask a trace know the port, not who fills it', () => {
    const open = ['app', 'cli', 'record/redaction', 'record/capture', 'trace/nsys', 'trace/kineto'];
    const users = sources.filter(s => reaches(s).some(({ to }) => to === '#trace/nsys')).map(s => s.file);
    expect(users.filter(f => !open.some(place => f.startsWith(`${place}/`)))).toEqual([]);
  });
  test('packed ids are taken apart by trace/nsys and queries/prelude alone', () => {
    const EVIDENCE = resolve(SRC, '../queries/evidence');
    const packed = /16777215|>>\s*24|2 \*\* 24/;
    expect(readdirSync(EVIDENCE).filter(f => f.endsWith('.sql') && packed.test(readFileSync(resolve(EVIDENCE, f), 'utf8')))).toEqual([]);
    expect(offenders(packed, ['trace/nsys'])).toEqual([]);
  });
  test('no file but those of causes holds a list of them by name', () => {
    const ids = readdirSync(resolve(SRC, 'diagnosis/causes'), { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [e.name] : []));
    const naming = sources
      .filter(s => !s.file.startsWith('diagnosis/causes/') && !s.file.endsWith('.gen.ts'))
      .map(s => ({ file: s.file, named: ids.filter(id => s.code.includes(`'${id}'`)) }));
    // What finds a cause of several GPUs names it; a pipeline has three of them, which it finds by one sum.
    expect(naming.filter(n => n.named.length > 3).map(n => `${n.file}: ${n.named.join(', ')}`)).toEqual([]);
  });
});

describe('short enough to be read at once', () => {
  const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');
  const indentOf = (line: string) => /^ */.exec(line)?.[0].length ?? 0;
  const opensFunction = /^ *(?:export )?(?:default )?(?:async )?(?:function\b|const \w+ = (?:async )?(?:<.*>)?\()/;
  const opensMethod = /^ +(?:static )?(?:async )?\*?(?:get )?#?\w+(?:<.*>)?\([^;]*\{$/;
  /** How many lines a function has whose first is given: up to the next line that stands no deeper, and that does not end its parameters. */
  function lengthFrom(lines: readonly string[], first: number): number {
    const indent = indentOf(lines[first] ?? '');
    const isLast = (line: string) => line !== '' && indentOf(line) <= indent && !/^ *[)}].*(?:\{|\(|=>)$/.test(line);
    const after = lines.slice(first + 1).findIndex(isLast);
    return after < 0 ? lines.length - first : after + 2;
  }

  test('is every file that a hand wrote: 200 lines', () => {
    const long = sources.filter(s => !s.file.endsWith('.gen.ts') && linesOf(s.text).length > 200);
    expect(long.map(s => `${s.file}: ${linesOf(s.text).length}`)).toEqual([]);
  });
  const app = sources.filter(s => floorOf(s.file) === 'app');
  test('is every function: 60 lines', () => {
    const long = sources.flatMap(s => {
      const lines = linesOf(s.text);
      return lines.flatMap((line, i) => {
        const length = opensFunction.test(line) || opensMethod.test(line) ? lengthFrom(lines, i) : 0;
        return length > 60 ? [{ file: s.file, told: `${s.file}:${i + 1}: ${length}` }] : [];
      });
    });
    expect(long.filter(l => LONG_FUNCTIONS[l.file] === undefined).map(l => l.told)).toEqual([]);
    expect(Object.keys(LONG_FUNCTIONS).filter(file => !long.some(l => l.file === file))).toEqual([]);
  });
  test('is what a file of app imports: 15 others', () => {
    expect(app.filter(s => s.imports.length > 15).map(s => `${s.file}: ${s.imports.length}`)).toEqual([]);
  });
  test.each([
    ['const a = 1;\nfunction long({\n  b,\n}: C): D {\n  e();\n}\nf();', [0, 5]],
    ['  const long = (\n    b: B,\n  ): C =>\n    d(b);\n  e();', [5]],
    ['  async #long(b: B): C {\n    d();\n  }\n', [3]],
  ])('the length of a function is seen in %j', (text, lengths) => {
    const lines = linesOf(text);
    expect(
      lines.flatMap((line, i) =>
        opensFunction.test(line) || opensMethod.test(line) ? [lengthFrom(lines, i)] : line.startsWith('const') ? [0] : [],
      ),
    ).toEqual(lengths);
  });
});
