import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elapsedText } from '../../../cli/live/number-words.ts';
import { writeRecord } from '../../report/million-flows.ts';
import { CHROMIUM, startChromium } from '../../report/chromium.ts';
import { emptyFolder, scriptFile, start } from '../command.ts';
import { follower, liveUrl } from './follower.ts';
import { endlessIntervals, madePage, numbersAt } from './made-run.ts';

/** `npm run check:live`: runs and a browser take longer than `npm test` has time for. */
const WANTED = process.env['LIVE'] !== undefined;
if (!WANTED)
  console.warn('left to "npm run check:live": the live page in a browser, of a run of four hours, of 10,000 users');

/** Pictures for a person to look at, if a folder for them is named. */
const SHOTS = process.env['LIVE_SHOTS'];
const HOURS = 4 * 3_600;
/** The page is measured so often, in seconds of the run. */
const MEASURED = 1_800;
const MOST_HEAP = 30e6;
const PLANTED = 'planted-9d2e';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What stands between the browser and a live page, and can be cut and mended. */
interface Cable {
  readonly url: string;
  readonly cut: () => void;
  readonly mend: () => void;
}

let browser: Browser | undefined;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  if (WANTED && CHROMIUM !== undefined) browser = await startChromium();
});
afterAll(async () => {
  for (const close of closing) await close();
  await browser?.close();
});

async function cableTo(url: string): Promise<Cable> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((socket) => {
    if (!whole) {
      socket.destroy();
      return;
    }
    const behind = connect(Number(port), '127.0.0.1');
    for (const one of [socket, behind]) {
      sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(one);
          socket.destroy();
          behind.destroy();
        });
    }
    socket.pipe(behind).pipe(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => (whole = true),
  };
}

interface Opened {
  readonly page: Page;
  readonly complaints: string[];
  /** Whatever was asked of anybody but the page's own server. */
  readonly elsewhere: string[];
}

async function open(url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const context = await browser!.newContext({ colorScheme });
  const page = await context.newPage();
  const [complaints, elsewhere]: [string[], string[]] = [[], []];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) elsewhere.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, elsewhere };
}

async function violationsOf(page: Page): Promise<readonly string[]> {
  // The page's policy lets no script in but its own.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html ?? ''}`);
}

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  await page.screenshot({ path: join(SHOTS, `${name}-whole.png`), fullPage: true });
}

/** JavaScript heap of a page after a collection, in bytes. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value;
}

const state = (page: Page): Promise<string> => page.locator('#link').innerText();

describe.runIf(WANTED && CHROMIUM !== undefined)('the live page in a browser', () => {
  it(
    'of a real run: comes back after a pause and after a cut, has no secret, and ends as the report',
    { timeout: 300_000 },
    async () => {
      const folder = emptyFolder();
      const secret = scriptFile(folder, 'headers', `X-Key: ${PLANTED}`);
      const env = {
        ...{ PF_CLIENT_SECRET: 'pairstorm-secret', PF_HEADERS_FILE: secret, PF_PARAMETERS: `hint=${PLANTED}` },
        ...{ RATE: '8', RAMP: '2s', DURATION: '10m', TIME_SCALE: '0.2', ARRIVALS: 'even' },
      };
      const run = start(folder, ['run', 'load', '--live', '--allow-invalid'], env);
      closing.push(() => run.child.kill('SIGKILL'));
      const direct = await liveUrl(run);
      const listening = follower(direct);
      const cable = await cableTo(direct);
      const { page, complaints, elsewhere } = await open(cable.url);
      await page.locator('#part-now h2').waitFor({ timeout: 60_000 });
      await page.locator('#part-s-latency svg').first().waitFor({ timeout: 60_000 });
      expect(await page.title()).toBe('Live: load');
      expect(await page.locator('.verdict strong').innerText()).toMatch(/RUNNING|FAILING SO FAR/);
      expect(await page.locator('#part-now').innerText()).toMatch(/FLOW STARTS A SECOND|Flow starts a second/);
      expect(await violationsOf(page)).toEqual([]);
      await page.locator('#part-s-throughput summary').first().click();
      await shot(page, 'load-light');

      cable.cut();
      await expect.poll(() => state(page), { timeout: 60_000 }).toContain('Connection lost');
      cable.mend();
      await expect.poll(() => state(page), { timeout: 60_000 }).toBe('Connected.');
      // What somebody opened stays open.
      expect(await page.locator('#part-s-throughput details').first().getAttribute('open')).not.toBeNull();

      const before = await page.locator('.when').innerText();
      run.child.kill('SIGSTOP');
      await expect.poll(() => state(page), { timeout: 60_000 }).toMatch(/^No news for \d+ s/);
      run.child.kill('SIGCONT');
      await expect.poll(() => state(page), { timeout: 60_000 }).toBe('Connected.');
      await expect.poll(() => page.locator('.when').innerText(), { timeout: 60_000 }).not.toBe(before);

      run.child.kill('SIGINT');
      const { stderr } = await run.ended;
      await page.locator('.over').waitFor({ timeout: 60_000 });
      expect(await page.title(), stderr).toMatch(/^INTERRUPTED: load, /);
      expect(await page.locator('.verdict strong').innerText()).toContain('INTERRUPTED');
      expect(await violationsOf(page)).toEqual([]);
      await shot(page, 'load-ended');
      await listening.closed;
      for (const secret of [PLANTED, 'pairstorm-secret']) expect(listening.raw()).not.toContain(secret);
      expect(elsewhere).toEqual([]);
      // What the cut left, and the last attempt to connect.
      expect(complaints.filter((line) => !/net::ERR_|Failed to load resource/.test(line))).toEqual([]);
      await page.context().close();
    },
  );

  it('of a run of 10,000 users', { timeout: 300_000 }, async () => {
    const folder = emptyFolder();
    const script = scriptFile(
      folder,
      'crowd.js',
      `import http from 'k6/http';
      export const options = { scenarios: { crowd: { executor: 'constant-vus', vus: 10000, duration: '12s', gracefulStop: '20s' } }, thresholds: { iterations: ['count>0'] } };
      export default async () => { await new Promise((resolve) => setTimeout(resolve, 4000)); if (__VU % 50 === 0) await http.asyncRequest('GET', __ENV.PF_BASE_URL + '/pf/heartbeat.ping'); };`,
    );
    const run = start(folder, ['run', script, '--simulator', '--live', '--allow-invalid']);
    closing.push(() => run.child.kill('SIGKILL'));
    const { page } = await open(await liveUrl(run));
    await expect
      .poll(
        () =>
          page
            .locator('#part-now')
            .innerText()
            .catch(() => ''),
        { timeout: 60_000 },
      )
      .toContain('10,000');
    await shot(page, 'crowd');
    const { stderr } = await run.ended;
    await page.locator('.over').waitFor({ timeout: 60_000 });
    expect(stderr).not.toContain('the live page ended');
    await page.context().close();
  });

  it('of a run of four hours keeps no more than it shows', { timeout: 300_000 }, async () => {
    const folder = emptyFolder();
    await writeRecord(folder, { seconds: 40, flows: 400, verdict: 'killed' });
    const { run, next } = await endlessIntervals(folder);
    const made = await madePage('load');
    closing.push(made.close);
    made.send({ is: 'begin', run, folder });
    const { page } = await open(made.url);
    const sizes: number[] = [];
    for (let second = 0; second < HOURS; second++) {
      made.send({ is: 'interval', interval: next() });
      if (second % MEASURED !== MEASURED - 1) continue;
      made.send({ is: 'progress', numbers: numbersAt(second * 1_000, HOURS * 1_000), causes: [], failed: 0 });
      // The page is up to date before the next half hour comes.
      await page.getByText(`${elapsedText(second * 1_000)}/4:00:00`).waitFor();
      sizes.push(await heapOf(page));
    }
    const megabytes = sizes.map((bytes) => (bytes / 1e6).toFixed(1));
    console.info(`heap of the page in four hours, each half hour: ${megabytes.join(', ')} MB`);
    expect(Math.max(...sizes)).toBeLessThan(MOST_HEAP);
    expect(sizes.at(-1)!).toBeLessThan(2 * sizes[1]!);
    for (const scheme of ['light', 'dark'] as const) {
      const other = await open(made.url, scheme);
      await other.page.locator('#part-s-latency svg').first().waitFor();
      expect(await violationsOf(other.page), scheme).toEqual([]);
      for (const width of [360, 1280]) {
        await other.page.setViewportSize({ width, height: 900 });
        expect(await other.page.evaluate('document.documentElement.scrollWidth'), `${width} pixels`).toBe(width);
        await shot(other.page, `hours-${scheme}-${width}`);
      }
      expect(other.complaints).toEqual([]);
      await other.page.context().close();
    }
    await page.context().close();
  });
});
