const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
// What it says is in the data table, too; read aloud at each move of the mouse it would only disturb.
tip.setAttribute('aria-hidden', 'true');

function fill(value: object): void {
  const list = document.createElement('dl');
  for (const [name, text] of Object.entries(value)) {
    const term = document.createElement('dt');
    const meaning = document.createElement('dd');
    // textContent, never markup: names come out of traces.
    term.textContent = name;
    meaning.textContent = String(text);
    list.append(term, meaning);
  }
  tip.replaceChildren(list);
}

/** Vega's tooltip handler: the values of the mark under the pointer, kept inside the window. */
export function showTip(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  if (value === null || typeof value !== 'object') {
    tip.hidden = true;
    return;
  }
  if (!tip.isConnected) document.body.append(tip);
  fill(value);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const below = event.clientY + 14 + height < innerHeight;
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 4))}px`;
  tip.style.top = `${below ? event.clientY + 14 : Math.max(4, event.clientY - height - 10)}px`;
}
