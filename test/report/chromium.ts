import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine: CHROME_PATH, or where Linux distributions have it; undefined: there is none. */
export const CHROMIUM: string | undefined = [process.env['CHROME_PATH'] ?? '', ...PLACES].find(
  (path) => path !== '' && existsSync(path),
);

if (CHROMIUM === undefined) {
  console.warn(
    'SKIPPED: the report is not looked at in a browser, because this machine has no Chromium; install it, or set CHROME_PATH',
  );
}

/** A Chromium that asks nobody for anything by itself; `more`: further flags. */
export function startChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM!,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...more,
    ],
  });
}
