import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { planMarkdown } from '../../report/planning/markdown.ts';
import { planPage } from '../../report/planning/page.ts';
import { PLAN_SCHEMA } from '../../report/planning/plan-file.ts';
import { planText } from '../../report/planning/text.ts';
import { measuredCluster } from '../analysis/planning/clusters.ts';
import { emptyFolder } from '../cli/command.ts';
import { CHROMIUM, startChromium } from './chromium.ts';
import { planOf } from './plan-of.ts';

const CLUSTER = { perNode: 50, contention: 0.04, coherency: 0 };
const LAW = planOf(measuredCluster(CLUSTER, [1, 2, 4, 6], { seed: 3 }), { peakHour: 330_000 });
const ONE = planOf(measuredCluster(CLUSTER, [3], { seed: 4 }), { peakHour: 150_000 });
const NONE = planOf(measuredCluster({ perNode: 50, contention: 0.02, coherency: 0.03 }, [1, 2, 4, 6, 8], { seed: 5 }), {
  peakHour: 400_000,
});

describe('A plan', () => {
  test('has a table of nodes on a terminal of 80 columns, with the row that is the plan marked', () => {
    for (const plan of [LAW, ONE, NONE]) {
      const rows = planText(plan).filter((line) => line.startsWith('  '));
      expect(rows).toHaveLength(plan.rows.length + 1);
      for (const row of rows) expect(row.length, row).toBeLessThan(81);
      expect(rows.filter((row) => row.endsWith('◀'))).toHaveLength(plan.nodes === null ? 0 : 1);
    }
  });

  test('is the same in Markdown and on its page, which draws each number of nodes that is known', () => {
    const markdown = planMarkdown(LAW);
    expect(markdown).toContain(`## Plan: ${LAW.nodes} nodes for `);
    expect(markdown.match(/^\| \d+ \|/gm)).toHaveLength(LAW.rows.length);
    const page = planPage(LAW);
    expect(page.match(/class="point /g)).toHaveLength(LAW.rows.filter(({ capacity }) => capacity !== null).length);
    expect(page).toContain('extrapolated by the law');
    expect(planPage(NONE)).toContain('class="verdict fail"');
  });

  test('shows a folder with markup in its name as it is', () => {
    const [answer] = ONE.answers;
    const plan = planOf([{ ...answer!, folder: '<img src=x>|`' }], { peakHour: 150_000 });
    expect(planPage(plan)).not.toContain('<img');
    expect(planMarkdown(plan)).not.toContain('\n- <img');
  });

  test('is plan.json as its schema says', () => {
    const validate = new Ajv2020({ strict: false }).compile(PLAN_SCHEMA);
    for (const plan of [LAW, ONE, NONE]) {
      validate(JSON.parse(JSON.stringify(plan)));
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});

/** `npm run check:planning` in an environment with a browser. */
describe.runIf(process.env['PLANNED_CLUSTERS'] !== undefined && CHROMIUM !== undefined)('its page in a browser', () => {
  test('never scrolls sideways, and prints on one page', { timeout: 120_000 }, async () => {
    const browser = await startChromium();
    try {
      const file = join(emptyFolder(), 'plan.html');
      for (const plan of [LAW, ONE, NONE]) {
        writeFileSync(file, planPage(plan));
        const page = await browser.newPage();
        await page.goto(pathToFileURL(file).href);
        for (const width of [320, 360, 768, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} pixels`).toBe(width);
        }
        const pdf = await page.pdf({ format: 'A4' });
        expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
        // Its lines are dashed alike: on paper, too, they need their names.
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('.legend').isVisible()).toBe(true);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
