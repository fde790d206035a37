import { markup } from './markup.ts';
import type { Content } from './markup.ts';
import { STYLE_ELEMENT } from './style.ts';

/** A page: its title, the version that made it, where the skip link leads, and what it shows. */
interface Page {
  readonly title: Content;
  readonly pairstorm: string;
  readonly skip: string;
  /** Class of the body; absent: none. */
  readonly kind?: string;
  readonly body: Content;
}

/** A self-contained HTML page: no scripts, fonts or images, and a policy that forbids fetching any. */
export function htmlPage({ title, pairstorm, skip, kind, body }: Page): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="Pairstorm ${pairstorm}" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body${kind !== undefined && markup` class="${kind}"`}>
        <a class="skip" href="#main">${skip}</a>
        ${body}
      </body>
    </html> `.text;
}
