import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { answerCsv } from '../../report/capacity/csv.ts';
import { answerJunit } from '../../report/capacity/junit.ts';
import { answerMarkdown } from '../../report/capacity/markdown.ts';
import { answerPage } from '../../report/capacity/page.ts';
import { answerText } from '../../report/capacity/text.ts';
import { kneeAt, played } from '../analysis/capacity/scripted-search.ts';
import { SETTINGS } from '../analysis/capacity/scripted-search.ts';
import { emptyFolder } from '../cli/command.ts';
import { answerOf } from './capacity-answer.ts';
import { CHROMIUM, startChromium } from './chromium.ts';
import { shown } from './model-of.ts';

const FOUND = answerOf(kneeAt(57), 40);
/** Everything that can be said beside an answer. */
const DOUBTFUL = answerOf((level, nth) => {
  if (level.purpose === 'hysteresis')
    return { ...played(level, 0.8, SETTINGS), unstable: 'backlog', recoveredSeconds: 38 };
  if (level.purpose === 'replay') return { medianMs: 31 };
  return nth === 7
    ? { end: 'generator' }
    : { share: 0, ...played(level, kneeAt(57)(level), SETTINGS), unsettled: nth % 2 === 0 };
});
const NONE = answerOf(() => 0.9);
const LEAST = answerOf(() => 0);

describe('the answer of a search', () => {
  test('says pairings an hour with their error in the second line of a terminal, and its table fits into 80 columns', () => {
    const lines = answerText(FOUND);
    expect(lines[1]).toMatch(/^5[67](\.\d)? sign-ins\/s meet the objective \(95 %: /);
    expect(lines.slice(0, 5).join('\n')).toMatch(
      /In an hour that is 6\d,\d00 pairings \(95 %: \d\d,\d00 to \d\d,\d00\), of 20\d,000 sign-ins\./,
    );
    for (const answer of [FOUND, DOUBTFUL, NONE, LEAST])
      for (const line of answerText(answer).filter((row) => row.startsWith('  ')))
        expect(line.length, line).toBeLessThan(81);
  });

  test('has the same figures in Markdown, first', () => {
    const text = answerMarkdown(FOUND);
    expect(text).toMatch(/^\| Pairings \| \*\*6\d,\d00\*\* \| 95 %: \d\d,\d00 to \d\d,\d00 \| \d\d,\d00 \|$/m);
    expect(text.indexOf('| Pairings')).toBeLessThan(text.indexOf('<details>'));
    expect(text).toContain('**At least 40/s: shown.**');
    expect(answerMarkdown(LEAST)).toMatch(/^\| Pairings \| \*\*540,000\*\* \| or more \| 540,000 \|$/m);
    expect(answerMarkdown(NONE)).not.toContain('| Pairings');
  });

  test('has a row for each level in CSV, and a case for what makes it doubtful in JUnit', () => {
    expect(answerCsv(FOUND).trim().split('\n')).toHaveLength(FOUND.levels.length + 1);
    expect(answerJunit(FOUND)).toContain('tests="3" failures="0" errors="0"');
    expect(answerJunit(DOUBTFUL)).toMatch(/recovers from an overload on its own"[^>]*>\s*<failure/);
    expect(answerJunit(DOUBTFUL)).toMatch(/the same at the end as at the beginning"[^>]*>\s*<error/);
  });

  test('names on its page what makes it doubtful, and draws each level that was an observation', () => {
    const page = shown(answerPage(DOUBTFUL));
    expect(page).toContain('After an overload the target does not recover on its own: 40/s held before 80/s was tried');
    expect(page).toContain('The target changed during the search: at 10/s the median was 20 ms at first and 31 ms');
    expect(page).toContain('no, generator: the load generator used 1.93 cores');
    const drawn = page.match(/class="point /g)?.length;
    expect(drawn).toBe(3 * DOUBTFUL.levels.filter(({ end }) => end === 'observed').length);
  });
});

/** `npm run check:report`: there is no time for a browser in `npm test`. */
describe.runIf(process.env['REPORT_SECONDS'] !== undefined && CHROMIUM !== undefined)('its page in a browser', () => {
  test(
    'never scrolls sideways, has the pairings on the first screen, and prints on one page',
    { timeout: 120_000 },
    async () => {
      const browser = await startChromium();
      try {
        const file = join(emptyFolder(), 'answer.html');
        for (const answer of [FOUND, DOUBTFUL, NONE, LEAST]) {
          writeFileSync(file, answerPage(answer));
          const page = await browser.newPage();
          await page.goto(pathToFileURL(file).href);
          for (const width of [320, 360, 768, 1280]) {
            await page.setViewportSize({ width, height: 800 });
            expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} pixels`).toBe(width);
            const headline = page.locator('.verdict strong');
            if (answer.promise !== null) expect(await headline.innerText()).toContain('pairings an hour');
            expect((await headline.boundingBox())!.y, `${width} pixels`).toBeLessThan(200);
          }
          const pdf = await page.pdf({ format: 'A4' });
          expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    },
  );
});
