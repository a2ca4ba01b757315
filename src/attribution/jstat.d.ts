declare module 'jstat' {
  export const jStat: { readonly binomial: { readonly cdf: (k: number, n: number, p: number) => number } };
}
