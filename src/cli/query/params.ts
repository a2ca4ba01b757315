import { existsSync } from 'node:fs';
import { isQueryName, QUERY_NAMES, queryInfo } from '#app/query/catalogue';
import type { ParamValues } from '#app/query/protocol';
import { ForensicsError } from '#core/errors';
import type { EvidenceName } from '#trace/queries/index.gen';
import type { SqlParam } from '#trace/queries/sql-header';
import { didYouMean } from './nearest.ts';

/**
 * The query that the user means.
 * @throws ForensicsError bad-argument
 */
export function queryNamed(name: string): EvidenceName {
  if (isQueryName(name)) return name;
  const hint = existsSync(name) ? `Write the query before the trace: \`forensics query NAME ${name}\`. ` : didYouMean(name, QUERY_NAMES);
  throw new ForensicsError('bad-argument', `there is no query ${name}`, `${hint}\`forensics query --list\` shows them all.`);
}

function parseValue(query: string, { name, type }: SqlParam, text: string): string | number {
  if (type === 'text') return text;
  const value = Number(text);
  const fits = type === 'integer' ? /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) : text.trim() !== '' && Number.isFinite(value);
  if (fits) return value;
  const wanted = type === 'integer' ? 'an integer between -2^53 and 2^53' : 'a number';
  throw new ForensicsError(
    'bad-argument',
    `parameter ${name} of ${query} must be ${wanted}, not ${text === '' ? 'empty' : text}`,
    `Write --param ${name}=VALUE; \`forensics query ${query}\` describes it.`,
  );
}

/**
 * Reads `name=value` pairs by the types that the query's header declares; of a name given twice the last value counts.
 * @throws ForensicsError bad-argument
 */
export function parseParams(query: EvidenceName, specs: readonly string[]): ParamValues {
  const { params } = queryInfo(query);
  const known = params.map(p => p.name);
  return Object.fromEntries(
    specs.map(spec => {
      const at = spec.indexOf('=');
      if (at < 1)
        throw new ForensicsError(
          'bad-argument',
          `--param ${spec} gives no value`,
          `Write --param NAME=VALUE; ${query} takes ${known.join(', ') || 'no parameters'}.`,
        );
      const name = spec.slice(0, at);
      const param = params.find(p => p.name === name);
      if (param === undefined)
        throw new ForensicsError(
          'bad-argument',
          `${query} has no parameter ${name}`,
          `${didYouMean(name, known)}It takes ${known.join(', ') || 'none'}.`,
        );
      return [name, parseValue(query, param, spec.slice(at + 1))];
    }),
  );
}
