declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly binomial: { readonly cdf: (k: number, n: number, p: number) => number };
      readonly gamma: { readonly inv: (p: number, shape: number, scale: number) => number };
      readonly normal: {
        readonly cdf: (x: number, mean: number, sd: number) => number;
        readonly inv: (p: number, mean: number, sd: number) => number;
      };
      readonly studentt: {
        readonly inv: (p: number, dof: number) => number;
        readonly cdf: (t: number, dof: number) => number;
      };
    };
  };
  export default jstat;
}
