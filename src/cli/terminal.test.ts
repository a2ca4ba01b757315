import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { terminalOn } from './terminal.ts';

/** What stands on a terminal's two ends. */
function printed(print: (terminal: ReturnType<typeof terminalOn>) => void, isTTY: boolean): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const end = { isTTY, write };
  print(terminalOn({ stdout: end, stderr: end, env: {}, ownsProcess: false }));
  return text;
}
const EVIL = 'gemm\u001b[2J\u009b1A\u0007\r\u202e';

test.each([true, false])('nothing in a name acts on the terminal (one: %s)', isTTY => {
  for (const print of [
    (t: ReturnType<typeof terminalOn>) => t.say(EVIL),
    (t: ReturnType<typeof terminalOn>) => t.tell(EVIL),
    (t: ReturnType<typeof terminalOn>) => t.printFailure(new ForensicsError('not-found', EVIL, EVIL)),
    (t: ReturnType<typeof terminalOn>) => t.printFailure(new Error(EVIL)),
  ]) {
    // Colours are ours, on a terminal alone.
    const text = isTTY ? stripVTControlCharacters(printed(print, isTTY)) : printed(print, isTTY);
    expect(text).toContain('gemm\\u001b[2J\\u009b1A\\u0007\\r\\u202e');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});
test('a failure is one sentence and one hint, whatever names are in them', () =>
  expect(printed(t => t.printFailure(new ForensicsError('not-found', 'a\nb', 'c\nd')), false)).toBe('error a\\nb\n      c\\nd\n'));
test('lines of an answer stay lines', () => expect(printed(t => t.say('one\ntwo'), false)).toBe('one\ntwo\n'));
