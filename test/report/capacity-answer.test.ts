import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { answerCsv } from '../../report/capacity/csv.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
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
/** With what the target told of its CPU; models stand in its sentences. */
const WITH_CPU: AnswerFile = {
  ...DOUBTFUL,
  levels: DOUBTFUL.levels.map((level, at) => ({
    ...level,
    figures: level.figures && { ...level.figures, cpu: at === 0 ? null : { cores: 0.148 * level.rate, nodes: 2 } },
  })),
  sentences: [
    ...DOUBTFUL.sentences,
    'CPU beside it: a sign-in takes 148 ms of CPU (95 %: 144 to 152), and without load 0.2 cores are in use. 54 % of 16 cores are in use at 57.4/s, 90 % at 95.9/s (93.2 to 98.6). CPU is not the limit: look at pools of threads and connections, locks, PingOne.',
    'Equivalent workers: it answers as 8.06 workers would that take 21.7 ms for a request, 372 requests/s at most.',
  ],
};
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

  test('has the cores of each level where the target told of them, in every form with a table', () => {
    const { length } = WITH_CPU.levels;
    const cores = /^\d+(\.\d+)?.cores$/;
    const cells = [...answerPage(WITH_CPU).matchAll(/<td class="n">([^<]*)<\/td>/g)].map(([, cell]) => cell!);
    expect(cells.filter((cell) => cores.test(cell))).toHaveLength(length - 1);
    const rows = answerMarkdown(WITH_CPU)
      .split('\n')
      .filter((row) => /^\| [\d.]+\/s/.test(row))
      .map((row) => row.split(' | '));
    expect(rows.filter((row) => cores.test(row[6]!))).toHaveLength(length - 1);
    expect(answerCsv(WITH_CPU)).toMatch(/^folder,.*,cpu_cores,/);
    expect(answerMarkdown(FOUND) + answerPage(FOUND)).not.toContain('CPU');
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
        for (const answer of [FOUND, DOUBTFUL, WITH_CPU, NONE, LEAST]) {
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
