import { hidePrivate, SECRETS, secretsIn } from '#core/secrets/find';
import { isKept, soundsSecret } from './env-names.ts';

import { REDACTED } from './secret.ts';

const OPTION = /^--?([A-Za-z][\w.-]*)$/;
const WITH_VALUE = /^(--?([A-Za-z][\w.-]*)=)([\s\S]+)$/;
/** NAME=value, as in `env NAME=value program`; settings such as model.size=7b are in small letters. */
const ASSIGNMENT = /^(([A-Z_][A-Z0-9_]*)=)([\s\S]+)$/;
/** Name and password of curl. -p alone is a port more often than a password. */
const LOGIN_OPTION = /^(-u|--user)$/;

/** An argument as it may be shown, and what was hidden of it. */
interface Argument {
  readonly shown: string;
  readonly secrets: readonly string[];
}

function look(args: readonly string[]): Argument[] {
  return args.map((text, i) => {
    const before = args[i - 1] ?? '';
    const [, asked = ''] = OPTION.exec(before) ?? [];
    if (soundsSecret(asked) && text !== '' && !text.startsWith('--')) return { shown: REDACTED, secrets: [text] };
    if (LOGIN_OPTION.test(before) && text.includes(':')) return { shown: REDACTED, secrets: [text, text.slice(text.indexOf(':') + 1)] };
    const [, head = '', option = '', given = ''] = WITH_VALUE.exec(text) ?? [];
    if (soundsSecret(option)) return { shown: head + REDACTED, secrets: [given] };
    const [, name = '', variable = '', value = ''] = ASSIGNMENT.exec(text) ?? [];
    if (variable !== '' && !isKept(variable)) return { shown: name + REDACTED, secrets: [value] };
    return { shown: hidePrivate(text, SECRETS), secrets: secretsIn(text) };
  });
}

/** Secrets of a command line: values of options and variables that announce them, logins in URLs, tokens by their shape. */
export const secretsInArgv = (args: readonly string[]): string[] => [
  ...new Set(look(args).flatMap(a => a.secrets.filter(s => s !== '' && s !== REDACTED))),
];

/** A command line with its secrets replaced: `--api-key abc` keeps the option and loses the value. */
export const redactArgv = (args: readonly string[]): string[] => look(args).map(a => a.shown);
