// Draws docs/report.png, the README's picture, from the report that reports/serving-incident keeps.
// Needs Chromium: /usr/bin/chromium, or what CHROMIUM names.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const at = path => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { CHROMIUM = '/usr/bin/chromium' } = process.env;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1450 }, colorScheme: 'light' });
  await page.goto(`file://${at('reports/serving-incident/report.html')}`);
  await page.waitForFunction(() => document.documentElement.classList.contains('js'));
  // Charts are drawn a moment after the script has begun.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: at('docs/report.png') });
} finally {
  await browser.close();
}
