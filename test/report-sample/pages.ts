import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../..');
const BUNDLE = join(ROOT, 'dist/report/browser.js');
const SOURCES = join(ROOT, 'src/report/render/browser');
const sources = [join(ROOT, 'src/report/render/page-data.ts'), ...readdirSync(SOURCES).map(file => join(SOURCES, file))];
const newest = () => Math.max(...sources.map(file => statSync(file).mtimeMs));

/** Builds the page's script when it is missing or older than its source, so that a bare `vitest run` tests what is there. */
export function buildBundle(): void {
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs >= newest()) return;
  execFileSync('npm', ['run', '--silent', 'build:report'], { cwd: ROOT, stdio: 'inherit' });
}

const WATCH = `addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))`;
const ALL_DRAWN = 'document.querySelectorAll(".plot").length === document.querySelectorAll(".drawn").length';

/** Opens a report as a reader would, from a file, and notes everything that should not happen. */
export async function open(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<{ tab: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const tab = await context.newPage();
  const faults: string[] = [];
  const url = pathToFileURL(path).href;
  tab.on('console', message => faults.push(`${message.type()}: ${message.text()}`));
  tab.on('pageerror', error => faults.push(`error: ${error.message}`));
  tab.on('dialog', dialog => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  tab.on('request', request => {
    if (request.url() !== url) faults.push(`request: ${request.url().slice(0, 200)}`);
  });
  await tab.addInitScript({ content: WATCH });
  await tab.goto(url);
  if (options.javaScriptEnabled !== false) await tab.waitForFunction(ALL_DRAWN);
  return { tab, faults };
}

/** What a screen reader would stumble over, counted in the page. */
export const STUMBLES = `(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const levels = all('h1,h2,h3,h4').map(h => Number(h.tagName[1]));
  const ids = all('[id]').map(e => e.id);
  return {
    skippedLevels: levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1).length,
    firstLevel: levels.filter(level => level === 1).length,
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    tablesWithoutCaption: all('table').filter(t => !t.caption).length,
    headsWithoutScope: all('th:not([scope])').length,
    figuresWithoutName: all('figure').filter(f => !document.getElementById(f.getAttribute('aria-labelledby'))).length,
    chartsWithoutDescription: all('.live:not([aria-label]), .still:not([aria-label])').length,
    fieldsWithoutLabel: all('input').filter(i => i.labels.length === 0).length,
    linksToNowhere: all('a[href^="#"]').filter(a => !document.getElementById(a.hash.slice(1))).length,
  };
})()`;
