import { isKept } from './env-names.ts';
import { REDACTED } from './secret.ts';

const NUL = '\0';
const ENTRY = /^([A-Za-z_][\w.()%-]*)=([\s\S]*)$/;
/** An entry as META_DATA_CAPTURE quotes it. */
const QUOTED = /^"([\s\S]*)"$/;
/** Hardly a list of assignments has two of these and is no environment. */
const TELLTALES =
  /^(PATH|HOME|PWD|OLDPWD|USER|LOGNAME|SHELL|LANG|TERM|SHLVL|HOSTNAME|TMPDIR|LD_LIBRARY_PATH|PYTHONPATH|EDITOR|MAIL|_|LC_\w+|XDG_\w+|SSH_\w+|SLURM_\w+|CUDA_\w+)$/;
/** Fewer lines are a message; fewer entries joined by NUL may be the arguments of a program. */
const LEAST_ENTRIES = 3;
/** Of the parts of a list, so many are entries; the rest are values that go over several lines. */
const MOSTLY = 0.8;
/** Functions of a shell go over many lines, so that an environment with telling names may have no more entries than this. */
const AT_LEAST = 0.3;
/** Assignments line by line, in capitals: a program that prints its environment among other things. */
const BLOCK = /^[A-Z_][A-Z0-9_]*=.*(?:\n[A-Z_][A-Z0-9_]*=.*){2,}/gm;

/** An environment as a trace holds it: NAME=VALUE, joined by NUL, newline or semicolon. */
export interface Environment {
  readonly separator: string;
  readonly entries: readonly (readonly [name: string, value: string])[];
}

/** Reads a list whose separator is known. A part that is no entry belongs to the value before it. */
export function readEnvironment(text: string, separator: string): Environment {
  const entries: [string, string][] = [];
  for (const part of text.split(separator)) {
    const [, name, value = ''] = ENTRY.exec(part) ?? [];
    const last = entries.at(-1);
    if (name !== undefined) entries.push([name, value]);
    else if (last === undefined) entries.push(['', part]);
    else last[1] += separator + part;
  }
  return { separator, entries };
}

const tells = ({ entries }: Environment) => new Set(entries.map(([name]) => name).filter(name => TELLTALES.test(name))).size;

/** The environment that a text is, if it is one. */
export function environmentIn(text: string): Environment | undefined {
  if (!text.includes('=')) return undefined;
  for (const separator of [NUL, '\n', ';']) {
    if (!text.includes(separator)) continue;
    const parts = text.split(separator).filter(p => p.trim() !== '');
    const share = parts.filter(p => ENTRY.test(p)).length / parts.length;
    const environment = readEnvironment(text, separator);
    const telling = tells(environment);
    const isOne =
      separator === NUL
        ? share >= MOSTLY
        : environment.entries.length >= LEAST_ENTRIES && ((telling >= 2 && share >= AT_LEAST) || (separator === '\n' && share >= MOSTLY));
    if (isOne) return environment;
    if (separator === NUL) return undefined;
  }
  return undefined;
}

/** A variable as it may be shown, or undefined when its very name tells too much. `clean` hides what else is secret in a name or a kept value. */
export function redactVariable(name: string, value: string, keep: readonly string[], clean: (text: string) => string): string | undefined {
  if (clean(name) !== name) return undefined;
  const [, quoted] = QUOTED.exec(value) ?? [];
  const shown = isKept(name, keep) ? clean(quoted ?? value) : REDACTED;
  return `${name}=${quoted === undefined ? shown : `"${shown}"`}`;
}

/** A whole environment with the values of all variables replaced but those that are kept. */
export const redactEnvironment = ({ separator, entries }: Environment, keep: readonly string[], clean: (text: string) => string): string =>
  entries
    .flatMap(([name, value]) => (name === '' ? (value === '' ? [''] : [REDACTED]) : (redactVariable(name, value, keep, clean) ?? [])))
    .join(separator);

/** A text with the environments that stand in it line by line redacted. */
export const redactBlocks = (text: string, keep: readonly string[], clean: (text: string) => string): string =>
  text.replace(BLOCK, block => redactEnvironment(readEnvironment(block, '\n'), keep, clean));
