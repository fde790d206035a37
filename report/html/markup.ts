import { visibleLines } from '../../contract/shown-text.ts';

/** HTML that is safe to insert; only `markup` creates it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Template content: markup as is, text and numbers escaped, lists concatenated, all else empty. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * HTML from a template. Everything inserted is escaped unless it is markup, in text and in attributes (always in double
 * quotes); data has no other way into the page.
 */
export function markup(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = template[0]!;
  contents.forEach((content, at) => {
    text += textOf(content) + template[at + 1]!;
  });
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  if (content === null || content === undefined || content === false) return '';
  return content.map(textOf).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** A unit after its number: they stay on one line. */
const UNITS = /(\d) (?=(?:ms|s|min|h|%|pp|points|[KMGT]iB|B|cores?|flows?\/s|sign-ins\/s)(?![\w-]))/g;

/**
 * Escapes text. Control characters (not allowed in HTML) and bidirectional formatting characters (which can make text
 * read as something else) are shown as escapes.
 */
function escaped(text: string): string {
  return visibleLines(text)
    .replace(UNITS, '$1\u00a0')
    .replace(/[&<>"'`]/g, (character) => ESCAPES[character]!);
}
