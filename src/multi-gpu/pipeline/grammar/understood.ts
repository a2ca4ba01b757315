import { RECEIVE, SEND } from '../nccl-sends.ts';
import { GRAMMARS } from './grammars.ts';
import { userGrammar } from './user-grammar.ts';

/**
 * Whether a name may say something about a pipeline.
 * @param templates the user's, in place of the built-in grammars
 * @throws ForensicsError bad-argument
 */
export function understoodBy(templates: readonly string[]): (name: string) => boolean {
  const user = userGrammar(templates);
  const grammars = user === undefined ? GRAMMARS : [user, ...GRAMMARS];
  // NCCL's own ranges tell a send from a receive, where the program names nothing.
  return name => name === SEND || name === RECEIVE || grammars.some(g => g.read(name) !== undefined);
}
