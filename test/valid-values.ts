import fc from 'fast-check';

/** A name as tools give it: of a metric, a node, a kind of request. */
export const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
