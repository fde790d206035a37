import { markup } from '../../report/html/markup.ts';
import { Markup } from '../../report/html/markup.ts';
import type { Content } from '../../report/html/markup.ts';
import { STYLE_ELEMENT } from '../../report/html/style.ts';
import { VERSION } from '../package.ts';

/** What the live page has beside the style of the report; nothing of it comes from a run. */
const LIVE_STYLE = new Markup(
  `<style>${[
    '.so-far{border-color:var(--accent)}.so-far strong{color:var(--accent)}',
    '.when{font-size:1.15rem;margin:.5rem 0 0}header progress{display:block;width:100%;height:.5rem;margin:.3rem 0 0;accent-color:var(--accent)}',
    '.link{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;color:var(--soft);font-size:.85rem;margin:.8rem 0 0;max-width:none}',
    '.link button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.3rem .8rem;cursor:pointer}',
    '.link button:disabled{color:var(--soft);cursor:default}',
    '.over{max-width:80rem;margin:0 auto;padding:.8rem clamp(1rem,3vw,2.5rem) 0;color:var(--soft);font-size:.9rem}',
    '#parts>div:first-child section{border-top:0;margin-top:0;padding-top:1rem}',
  ].join('')}</style>`,
);

interface Shell {
  readonly script: string;
  readonly head: Content;
  /** What a request to stop must bear; undefined: there is no button. */
  readonly control: string | undefined;
}

/** The page without its parts: these come by events, and without a script there is nothing to see. */
export function liveShell({ script, head, control }: Shell): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Pairstorm ${VERSION}" />
        <title>Live: ${script}</title>
        ${STYLE_ELEMENT}${LIVE_STYLE}
        <script src="/live.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the results</a>
        <header>
          <h1>Pairstorm live: ${script}</h1>
          <div id="part-time"></div>
          <div id="part-head">${head}</div>
          <p class="link">
            <span id="link" role="status">Connecting.</span>
            ${control !== undefined && markup`<button id="stop" type="button" data-control="${control}">Stop gracefully</button>`}
          </p>
        </header>
        <main id="main" tabindex="-1">
          <div id="parts"></div>
          <noscript><p>This page needs its script. The report of the run will not.</p></noscript>
        </main>
        <footer>Shown by Pairstorm ${VERSION} while the run goes. Nothing is fetched from elsewhere.</footer>
      </body>
    </html> `.text;
}

/** What a browser gets at the end: the report's page, to stand in the place of the live one. */
export interface FinalPage {
  readonly title: string;
  readonly kind: string;
  readonly body: string;
}

/** The end of a run that has a report. `report`: its page, as report/html made it. */
export function finalPage(report: string, folder: string): FinalPage {
  const [, title = ''] = /<title>([^<]*)<\/title>/.exec(report) ?? [];
  const [, kind = '', body = ''] = /<body(?: class="([^"]*)")?>([\s\S]*)<\/body>/.exec(report) ?? [];
  const note = markup`<aside class="over" aria-label="Live page">The run has ended: this is its report, which is kept as <span class="code">${folder}/report.html</span>.</aside>`;
  return { title: unescaped(title), kind, body: note.text + body };
}

/** The end of a run without a report. */
export function finalWithout(script: string, why: string): FinalPage {
  const body = markup`<header><h1>Pairstorm live: ${script}</h1></header><main id="main"><p>${why}</p></main>`;
  return { title: `Ended: ${script}`, kind: '', body: body.text };
}

/** A title is set as text. */
function unescaped(html: string): string {
  const characters: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#39': "'",
    '#96': '`',
  };
  return html.replace(/&(amp|lt|gt|quot|#39|#96);/g, (_, name: string) => characters[name]!);
}
