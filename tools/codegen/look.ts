export const SHAPES = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'triangle-right', 'cross'] as const;

// Seventeen hues cannot be told apart, least of all by colour-blind eyes; nine can, three to a shape. The three of one
// shape stay far apart under simulated protanopia, deuteranopia and tritanopia (palette.test.ts), in both schemes.
export const HUES = {
  blue: { light: '#0050CC', dark: '#309CFF' },
  gold: { light: '#B58000', dark: '#F2CA53' },
  wine: { light: '#801F34', dark: '#EC4473' },
  sky: { light: '#4495BE', dark: '#A2EFFD' },
  violet: { light: '#4E2EA0', dark: '#887FFF' },
  brick: { light: '#962804', dark: '#D5683B' },
  green: { light: '#00825A', dark: '#3E9CA6' },
  red: { light: '#DA2E00', dark: '#E36627' },
  pink: { light: '#C363A2', dark: '#FFBAEC' },
  // A tenth, for queueing alone: it stands beside blocking copies in the books more often than not.
  olive: { light: '#8C9400', dark: '#B6DB45' },
  // For what is unexplained: no hue at all.
  slate: { light: '#3C454E', dark: '#D3D8DD' },
} as const;
