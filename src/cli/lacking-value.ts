import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { ForensicsError } from '#core/errors';

/**
 * Refuses an option that wants a value and is followed by another option: it would take that option's name for its value, so that a file
 * is called `--json` and nobody gets JSON.
 * @param words what follows the name of the program
 * @throws ForensicsError bad-argument
 */
export function refuseLackingValue({ options }: CommandUnknownOpts, words: readonly string[]): void {
  const named = (word: string | undefined) => options.find(option => word !== undefined && (word === option.long || word === option.short));
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  for (let i = 0; i < own.length - 1; i++) {
    const [word = '', next = ''] = own.slice(i);
    if (named(word)?.required !== true) continue;
    if (named(next) !== undefined || next === '-h' || next === '--help')
      throw new ForensicsError(
        'bad-argument',
        `${word} lacks its value: the option ${next} follows it`,
        `Put the value between them. If ${next} is the value, write ${word}=${next}.`,
      );
    // What is a value asks for none.
    i++;
  }
}
