import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import { lineChart } from '../../report/html/chart/line-chart.ts';
import { htmlPage } from '../../report/html/page-shell.ts';
import type { TimeBand } from '../../report/model/trend-summary.ts';
import { markup } from '../../report/html/markup.ts';
import { CHROMIUM, startChromium } from './chromium.ts';
import { writeRecord } from './million-flows.ts';
import type { RecordPlan } from './million-flows.ts';

/** Length of the million-flow record. `npm run check:report` says half an hour, and measures; `npm test` has no time for a browser. */
const SECONDS = Number(process.env['REPORT_SECONDS'] ?? 0);
const MEASURED = SECONDS > 0;
const HOSTILE = `"><script>document.title='taken'</script><img src=http://192.0.2.1/x onerror=alert(1)>'\`{a:b}</style>`;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Opened {
  readonly page: Page;
  /** What the browser complained of, and what it asked for besides the file. */
  readonly complaints: readonly string[];
  readonly asked: readonly string[];
}

let million = '';
let hostile = '';
/** The first screen alone, a comparison, a trend, and the answer in each. */
const others: string[] = [];
let browser: Browser | undefined;

/** Writes a record and makes its report by the command; the file. */
async function reportOf(plan: RecordPlan): Promise<string> {
  const folder = emptyFolder();
  const bytes = await writeRecord(folder, plan);
  const began = performance.now();
  const { code, stderr } = await pairstorm(folder, ['report', folder]);
  expect(code, stderr).toBe(0);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.info(
    `report of ${plan.flows} flows, ${plan.seconds} intervals, ${(bytes / 1e6).toFixed(0)} MB: ${seconds} s`,
  );
  return join(folder, 'report.html');
}

async function open(file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser!.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const url = pathToFileURL(file).href;
  await context.route('**', (route) => {
    if (route.request().url() === url) return route.continue();
    asked.push(route.request().url());
    return route.abort();
  });
  await page.goto(url);
  return { page, complaints, asked };
}

beforeAll(async () => {
  if (!MEASURED) return;
  million = await reportOf({ seconds: SECONDS, flows: 1_000_000 });
  hostile = await reportOf({ seconds: 5, flows: 100, hostile: HOSTILE });
  const folder = emptyFolder();
  for (const name of ['a', 'b', 'c', 'd']) await writeRecord(join(folder, name), { seconds: 60, flows: 2_000 });
  const make = async (...args: readonly string[]): Promise<void> => {
    await pairstorm(folder, args);
  };
  await make('report', 'a', '--one-page');
  await make('compare', 'a', 'b', '--anyway', '--format', 'html', '--out', 'compare.html');
  await make('compare', '--history', 'a', 'b', 'c', 'd', '--format', 'html', '--out', 'trend.html');
  others.push(join(folder, 'a', 'one-page.html'), join(folder, 'compare.html'), join(folder, 'trend.html'));
  if (CHROMIUM !== undefined) browser = await startChromium();
}, 300_000);
afterAll(() => browser?.close());

describe.runIf(MEASURED)('the report of a million flows', () => {
  it('is one file of less than 3 MB', () => {
    const { size } = statSync(million);
    console.info(`report.html: ${(size / 1e6).toFixed(2)} MB`);
    expect(size).toBeLessThan(3_000_000);
  });
});

describe.runIf(MEASURED && CHROMIUM !== undefined)('the report in a browser', () => {
  it('opens without a complaint and asks nobody for anything', async () => {
    const { page, complaints, asked } = await open(million);
    expect(await page.title()).toBe('FAIL: load, 2026-01-31T12-00-00Z-load');
    expect(await page.locator('.verdict').innerText()).toContain('FAIL');
    expect(await page.locator('#outcomes .law').innerText()).toContain(
      '1,000,000 started = 1,000,000 ended + 0 interrupted',
    );
    expect(complaints).toEqual([]);
    expect(asked).toEqual([]);
    if (MEASURED) {
      const timing =
        '[performance.getEntriesByType("navigation")[0].loadEventEnd, performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0]';
      const [loaded, painted] = await page.evaluate<[number, number]>(timing);
      console.info(`opened in ${loaded.toFixed(0)} ms, first painted after ${painted.toFixed(0)} ms`);
      expect(loaded).toBeLessThan(1_000);
    }
    await page.context().close();
  });

  it('shows a planted script as text, wherever a record can hold it', async () => {
    const { page, complaints, asked } = await open(hostile);
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.title()).toContain('<script>');
    // Its name, target, settings, machines, steps, platforms, errors, checks, reasons, thresholds.
    const shown = (await page.locator('body').innerText()).split('<script>').length - 1;
    expect(shown).toBeGreaterThan(20);
    expect(complaints).toEqual([]);
    expect(asked).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('in %s never scrolls sideways, from a phone to a wall', async (colorScheme) => {
    for (const file of [million, hostile, ...others]) {
      const { page } = await open(file, { colorScheme });
      for (const width of [320, 768, 1280, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} pixels`).toBe(width);
      }
      await page.context().close();
    }
  });

  it('names every fault above its charts, whole and beside each other, from a phone to a wall', async () => {
    const names = ['unavailable', 'rate-limited', 'slow', 'dropped', 'lost-push', 'restart', 'net-latency'];
    const bands = names.flatMap((name, at): TimeBand[] => [
      { name, kind: 'fault', fromMs: 1_000 * (20 + 10 * at), toMs: 1_000 * (23 + 10 * at) },
      { name, kind: 'over', fromMs: 1_000 * (25 + 10 * at), toMs: 1_000 * (27 + 10 * at) },
    ]);
    const [time, values] = [{ columns: 90, widthMs: 1_000 }, Array<number>(90).fill(0.5)];
    const chart = (id: string, wide: boolean) =>
      lineChart({ id, title: id, unit: 'share', time, bands, wide, lines: [{ name: 'x', style: 'bad', values }] });
    const file = join(emptyFolder(), 'bands.html');
    const body = [chart('wide', true), chart('narrow', false), chart('beside', false)];
    writeFileSync(
      file,
      htmlPage({ title: 'bands', pairstorm: '', skip: '', body: markup`<main class="charts">${body}</main>` }),
    );
    for (const width of [320, 768, 1280, 2560]) {
      const { page } = await open(file, { viewport: { width, height: 900 } });
      const boxes = await page.evaluate<{ of: number; name: string; box: Record<'left' | 'right' | 'top', number> }[]>(
        `[...document.querySelectorAll('.bands')].flatMap((bands, of) => [...bands.querySelectorAll('span')].map((one) => {
          const { left, right, top } = one.getBoundingClientRect();
          const end = bands.getBoundingClientRect().right;
          return { of, name: right <= end + 1 ? one.textContent : 'beyond the chart', box: { left, right, top } };
        }))`,
      );
      expect(boxes.map(({ name }) => name)).toEqual([...names, ...names, ...names]);
      const covered = boxes.flatMap((a) =>
        boxes.filter(
          (b) =>
            a !== b && a.of === b.of && a.box.top === b.box.top && a.box.left <= b.box.left && b.box.left < a.box.right,
        ),
      );
      expect(covered, `${width} pixels`).toEqual([]);
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)(
    'in %s gives no offence to those who cannot see it, or see it badly',
    async (colorScheme) => {
      for (const file of [hostile, ...others]) {
        const { page, complaints, asked } = await open(file, { colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate<{
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        }>('axe.run(document, { resultTypes: ["violations"] })');
        const told = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''}`);
        expect(told, file).toEqual([]);
        expect([...complaints, ...asked]).toEqual([]);
        await page.context().close();
      }
    },
  );

  it('is led through by keyboard: the first key leads past the head, each wide table can be scrolled', async () => {
    const { page } = await open(million, { viewport: { width: 320, height: 700 } });
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the results');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    const unreachable =
      '[...document.querySelectorAll("*")].filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === "auto" && e.tabIndex < 0).length';
    expect(await page.evaluate(unreachable)).toBe(0);
    await page.context().close();
  });

  it('prints what comes first on one page of A4, also alone', async () => {
    for (const [file, alone] of [
      [million, false],
      [others[0]!, true],
    ] as const) {
      const { page } = await open(file, { viewport: { width: 703, height: 1_000 } });
      const pdf = (await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true })).toString('latin1');
      if (alone) expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
      await page.emulateMedia({ media: 'print' });
      // A4 less its margins, at 96 pixels an inch.
      expect(await page.evaluate('document.querySelector("header").getBoundingClientRect().bottom')).toBeLessThan(
        1_024,
      );
      await page.context().close();
    }
  });

  it('prints to a few pages of paper', async () => {
    const { page } = await open(million);
    const pdf = (await page.pdf({ format: 'A4', printBackground: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThan(25);
    await page.context().close();
  });
});
