import type { Panel } from './panel.ts';
import { rememberZoom, zoomOfHash } from './zoom-hash.ts';

type Range = readonly [number, number];

/** Shorter stretches than this show nothing that the samples could tell. */
const SHORTEST_S = 0.001;

const input = (id: string) => document.getElementById(id) as HTMLInputElement | null;
const text = (seconds: number) => String(Number(seconds.toFixed(3)));

/** Draws panels at a stretch of time. A brush moves more often than panels can be drawn: only the latest stretch of each frame is. */
function painter(timed: readonly Panel[]): (range: Range) => void {
  let next: Range | undefined;
  return range => {
    if (next === undefined) {
      requestAnimationFrame(() => {
        const [a, b] = next ?? range;
        next = undefined;
        for (const { view } of timed) view.signal('from', a).signal('to', b).run();
      });
    }
    next = range;
  };
}

/** Keeps the brush, the two fields and all panels at one stretch of time. */
export function zoom(panels: ReadonlyMap<string, Panel>, whole: Range, extent: Range): void {
  const paint = painter([...panels.values()].filter(p => p.timed));
  const overview = panels.get('overview')?.view;
  const [from, to] = [input('zoom-from'), input('zoom-to')];
  const shown = document.getElementById('zoom-shown');
  // The brush tells of every change, also of those made here: these must not come back as a choice.
  let quiet = false;

  const show = ([a, b]: Range, by: 'brush' | 'reader' | 'start') => {
    const left = Math.max(extent[0], Math.min(a, b));
    const right = Math.min(extent[1], Math.max(a, b));
    if (!(right - left >= SHORTEST_S)) return;
    paint([left, right]);
    if (from !== null) from.value = text(left);
    if (to !== null) to.value = text(right);
    const all = left === whole[0] && right === whole[1];
    if (shown !== null) shown.textContent = all ? 'whole trace' : `${text(right - left)} s shown`;
    if (by === 'reader') mark(all ? null : [left, right]);
    if (by !== 'start') rememberZoom(all ? null : [left, right]);
  };

  const mark = (range: Range | null) => {
    if (overview === undefined) return;
    const x = overview.scale('x') as (seconds: number) => number;
    quiet = true;
    overview.signal('brush_x', range === null ? [] : range.map(x)).run();
    quiet = false;
  };

  const reset = () => show(whole, 'reader');

  overview?.addSignalListener('brush', (_, value) => {
    if (quiet) return;
    const [chosen] = Object.values((value ?? {}) as Record<string, [number, number]>);
    show(chosen ?? whole, 'brush');
  });
  for (const field of [from, to]) {
    field?.addEventListener('change', () => show([Number(from?.value), Number(to?.value)], 'reader'));
  }
  document.getElementById('zoom-reset')?.addEventListener('click', reset);
  for (const chart of document.querySelectorAll('#timeline .live')) chart.addEventListener('dblclick', reset);
  for (const button of document.querySelectorAll<HTMLElement>('button[data-from]')) {
    button.addEventListener('click', () => {
      show([Number(button.getAttribute('data-from')), Number(button.getAttribute('data-to'))], 'reader');
      document.getElementById('timeline')?.scrollIntoView();
    });
  }
  const fromAddress = () => {
    const range = zoomOfHash(location.hash);
    if (range !== undefined) show(range, 'reader');
  };
  addEventListener('hashchange', fromAddress);
  show(whole, 'start');
  fromAddress();
}
