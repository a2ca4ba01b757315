import { expect, test } from 'vitest';
import { importsOf } from '../tools/architecture/imports.ts';

const value = (specifier: string) => ({ specifier, typeOnly: false });
const type = (specifier: string) => ({ specifier, typeOnly: true });

test.each([
  ["import a from 'a';", [value('a')]],
  ["import 'a';", [value('a')]],
  ["import * as a from 'a';", [value('a')]],
  ["import a, { b } from 'a';", [value('a')]],
  ["import {\n  a,\n  type B,\n} from 'a';", [value('a')]],
  ["import type { A } from 'a';", [type('a')]],
  ["import type {\n  A,\n} from 'a';", [type('a')]],
  ["import { type A } from 'a';", [value('a')]],
  ["export { a } from 'a';", [value('a')]],
  ["export * from 'a';", [value('a')]],
  ["export type { A } from 'a';", [type('a')]],
  ["import a from 'a';import b from 'b';", [value('a'), value('b')]],
  ["const a = await import('a');", [value('a')]],
  ["const a = await import(\n  'a'\n);", [value('a')]],
  ["let a: import('a').A;", [value('a')]],
  ['await import(name);', [{ specifier: undefined, typeOnly: false }]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is part of the source under test
  ['await import(`${a}/b`);', [{ specifier: undefined, typeOnly: false }]],
  ["// import a from 'a';\n/* import('b') */ import c from 'c';", [value('c')]],
  ["const glob = 'src/**/x';\nimport a from 'a'; // */", [value('a')]],
  ["export const from = 'a';", []],
  ["export const a = new URL('a', import.meta.url);", []],
  ["export type A = 'a' | 'b';", []],
])('%j', (source, expected) => expect(importsOf(source)).toEqual(expected));
