import fc from 'fast-check';
import { describe, test } from 'vitest';
import { attempt, IMPORTERS } from '#test/every-importer';
import { runs, THOROUGH } from '#test/thorough';

/** From how many lines, at the most, each field in turn is lost. */
const MOST_LINES = THOROUGH ? 50 : 5;
/** There are some fifty formats: a few runs of each are many in all. */
const FEW = 3;

const ODD = fc.constantFrom(
  ...['"', '\\', '{', '}', '[', ',', '\n', '\r', '\0', '-', '0', '9e999', 'NaN', 'null', '[N/A]', '\ud800', '__proto__', 'kW', ' '],
);
const PIECE = fc.oneof(
  fc.string({ maxLength: 8 }),
  ODD,
  fc.array(ODD, { maxLength: 5 }).map(parts => parts.join('')),
);
/** Made once: it takes longer to make than to draw from. */
const GARBAGE = fc.string({ unit: 'binary', maxLength: 200 });

/** Whatever is done to a good file, it is read into valid rows or refused in a sentence. */
describe.each(IMPORTERS)('$id', ({ importer, text, lines, shape }) => {
  const read = (changed: string): void => void attempt(importer, changed);

  test('lines shuffled, lost or doubled, header included, do no harm', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 30 }), chosen => read(chosen.join('\n'))),
      runs(30, FEW),
    );
  });

  test('a field lost from any line, or from all lines, does no harm', () => {
    const separator = shape === 'table' ? ',' : shape === 'lines' ? ', "' : / |,/;
    const joint = typeof separator === 'string' ? separator : ' ';
    const some = lines.filter((_, i) => i % Math.ceil(lines.length / MOST_LINES) === 0);
    const width = (lines[0] ?? '').split(separator).length;
    const without = (line: string, at: number) => line.split(separator).toSpliced(at, 1).join(joint);
    for (let at = 0; at < width; at += 1) {
      read(`${lines.map(line => without(line, at)).join('\n')}\n`);
      for (const one of some) read(`${lines.map(line => (line === one ? without(line, at) : line)).join('\n')}\n`);
    }
  });

  test('text put in anywhere does no harm', () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), PIECE, (at, lost, put) => read(text.slice(0, at) + put + text.slice(at + lost))),
      runs(80, FEW),
    );
  });

  test('numbers of any size do no harm', () => {
    const numbers = [...text.matchAll(/\d+/g)];
    fc.assert(
      fc.property(fc.nat(), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (which, number) => {
        const { index = 0, 0: old = '' } = numbers[which % numbers.length] ?? {};
        read(text.slice(0, index) + number + text.slice(index + old.length));
      }),
      runs(60, FEW),
    );
  });

  test('garbage does no harm', () => {
    fc.assert(fc.property(GARBAGE, read), runs(60, FEW));
    for (const huge of ['{"id":"', '"', '[', ',', '\\', '\n', '{"a":', ' ', '0', '\r'].map(part =>
      part.repeat(THOROUGH ? 100_000 : 5_000),
    )) {
      read(huge);
      read(`${lines[0]}\n${huge}`);
      // A document does not end with a line.
      if (shape !== 'document') read(`${lines[0]}\n${huge}\n`);
    }
  });
});
