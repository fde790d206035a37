import { visibleLines } from '../../contract/shown-text.ts';

/** HTML that is safe to put into a page: only `markup` makes it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: markup as it is, text and numbers escaped, lists one after the other, nothing for the rest. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * HTML from a template. Everything that is put into it is escaped unless it is markup itself, in attributes (always within
 * double quotes) as in text: there is no other way by which data gets into the page.
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

/**
 * Text that no parser takes for markup. Control characters (which HTML has no place for) and marks that turn the direction of
 * writing around (which can make text read as what it is not) are shown as escapes.
 */
function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"'`]/g, (character) => ESCAPES[character]!);
}
