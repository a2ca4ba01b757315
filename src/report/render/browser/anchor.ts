/// <reference lib="dom" />

/** Opens what the address names: a link to an incident shows it, and not a closed line. */
export function openByAnchor(): void {
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!(target instanceof HTMLDetailsElement)) return;
    target.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', open);
  open();
}
