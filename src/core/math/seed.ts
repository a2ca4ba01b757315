/** Seed of every answer that rests on chance, unless another is given: the same input gives the same answer. It stands in each result. */
export const SEED = 20_261_122;
