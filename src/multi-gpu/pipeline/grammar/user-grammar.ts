import { ForensicsError } from '#core/errors';
import { type Grammar, type Meaning, numberOf, type OperationKind } from './meaning.ts';

const FIELDS = ['mb', 'stage', 'chunk', 'rank', 'kind', 'iter'] as const;
const HINT =
  "Write names as the program does, with {mb}, {stage}, {chunk}, {rank} or {iter} for the numbers: --nvtx 'F mb={mb} stage={stage}'.";

/** forward, fwd, F; backward, bwd, B; weight, wgrad, W: at the start of a template, or where {kind} stands in a name. */
function kindOf(word: string | undefined): OperationKind | undefined {
  const first = /[a-z]+/i.exec(word ?? '')?.[0].toLowerCase() ?? '';
  if (/^(f|fwd|fw|forward)/.test(first)) return 'F';
  if (/^(w|wgrad|weight)/.test(first)) return 'W';
  return /^(b|bwd|bw|backward|dgrad)/.test(first) ? 'B' : undefined;
}

/** One template as a regular expression. */
function compile(template: string): (name: string) => Meaning | undefined {
  const fields: string[] = [];
  const pattern = template
    .split(/(\{\w+\})/)
    .map(part => {
      const field = /^\{(\w+)\}$/.exec(part)?.[1];
      if (field === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      if (!FIELDS.some(f => f === field)) throw new ForensicsError('bad-argument', `--nvtx: {${field}} is no field of a name`, HINT);
      fields.push(field);
      return field === 'kind' ? '([A-Za-z]+)' : '(\\d+)';
    })
    .join('');
  const fixed = kindOf(template);
  if (!fields.includes('iter') && !fields.includes('kind') && fixed === undefined)
    throw new ForensicsError('bad-argument', `--nvtx '${template}' does not say whether it is forward or backward`, HINT);
  const expression = new RegExp(`^${pattern}$`);
  return name => {
    const match = expression.exec(name);
    if (!match) return undefined;
    const value = (field: string) => (fields.includes(field) ? match[1 + fields.indexOf(field)] : undefined);
    if (fields.includes('iter') && !fields.includes('mb')) return { what: 'iteration', iteration: Number(value('iter')) };
    const kind = fields.includes('kind') ? kindOf(value('kind')) : fixed;
    if (kind === undefined) return undefined;
    const [microbatch, stage, chunk, rank] = ['mb', 'stage', 'chunk', 'rank'].map(f => numberOf(value(f)));
    return { what: 'operation', kind, microbatch, stage, chunk, rank };
  };
}

/**
 * A grammar from templates of the user: `F mb={mb} stage={stage}`, several of them apart by commas or as a list.
 * @throws ForensicsError bad-argument
 */
export function userGrammar(templates: readonly string[]): Grammar | undefined {
  const each = templates.flatMap(t => t.split(',').map(part => part.trim())).filter(t => t !== '');
  if (each.length === 0) return undefined;
  const readers = each.map(compile);
  return {
    id: 'user',
    title: `--nvtx ${each.map(t => `'${t}'`).join(', ')}`,
    source: 'the command line',
    example: each,
    read: name => {
      for (const read of readers) {
        const meaning = read(name);
        if (meaning) return meaning;
      }
      return undefined;
    },
  };
}
