export const SHAPES = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'triangle-right', 'cross'] as const;

// Two dozen hues cannot be told apart, least of all by colour-blind eyes; these can, each pair at a glance. Those of one
// shape stay far apart under simulated protanopia, deuteranopia and tritanopia, too (palette.test.ts), in both schemes.
export const HUES = {
  blue: { light: '#0050CC', dark: '#00A7FC' },
  gold: { light: '#C07A0E', dark: '#FDC351' },
  wine: { light: '#5E102B', dark: '#C3175C' },
  sky: { light: '#309BD6', dark: '#47F4FB' },
  violet: { light: '#743DBF', dark: '#8A7EFF' },
  brown: { light: '#8A5802', dark: '#B57E48' },
  green: { light: '#02826B', dark: '#07B29B' },
  red: { light: '#D72527', dark: '#FE6B4A' },
  pink: { light: '#C84AB3', dark: '#FFB0F8' },
  // A tenth, for queueing alone: it stands beside blocking copies in the books more often than not.
  olive: { light: '#779300', dark: '#ADDD3F' },
  // For what is unexplained: no hue at all.
  slate: { light: '#3C454E', dark: '#D3D8DD' },
} as const;
