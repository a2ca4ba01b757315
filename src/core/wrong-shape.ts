import type { z } from 'zod';

/** How the messages of zod itself begin: they speak to programmers. A schema of ours may say better what it wants. */
const OF_ZOD = /^(?:Invalid |Too small|Too big|Unrecognized key)/;
const MOST_NAMED = 8;

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
const MEMBERS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
  object: 'fields',
};

function limit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [bound, more] = issue.code === 'too_small' ? [issue.minimum, 'more'] : [issue.maximum, 'less'];
  const members = MEMBERS[issue.origin];
  if (members !== undefined) return `it must have ${bound} or ${more} ${members}`;
  return issue.inclusive === false ? `it must be ${more} than ${bound}` : `it must be ${bound} or ${more}`;
}

/**
 * What is wrong with a value that has not the shape it needs, in plain words that follow a colon: "it must be a number". No text of zod is in it.
 * @param issue the first that zod tells; undefined where it tells none
 */
export function wrongShape(issue: z.core.$ZodIssue | undefined): string {
  if (issue !== undefined && !OF_ZOD.test(issue.message)) return issue.message;
  switch (issue?.code) {
    case 'invalid_type':
      return `it must be ${TYPES[issue.expected] ?? 'of another type'}`;
    case 'too_small':
    case 'too_big':
      return limit(issue);
    case 'invalid_value':
      return `it must be ${issue.values.slice(0, MOST_NAMED).map(String).join(' or ')}${issue.values.length > MOST_NAMED ? ' or another word of its list' : ''}`;
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.join(', ')}`;
    case 'not_multiple_of':
      return `it must be a multiple of ${issue.divisor}`;
    default:
      return 'it is not written as it must be';
  }
}
