declare module 'jstat' {
  const jstat: { readonly jStat: { readonly binomial: { readonly cdf: (k: number, n: number, p: number) => number } } };
  export default jstat;
}
