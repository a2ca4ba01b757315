/** Why nothing is known that only a trace shows. */
export const NO_TRACE = 'no trace was given, and only one would show it';
