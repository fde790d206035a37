import { visibleText } from '../contract/shown-text.ts';

/** Maximum length of foreign text in a comment, in characters. */
const LONGEST = 160;

/** The same of an answer: the sentence is ours, names in it may be anybody's. */
export const LONGEST_ANSWER = 600;

/** Foreign text as one truncated line; control characters are escaped or dropped (other characters of category C). */
function tamed(text: string, longest = LONGEST): string {
  const line = visibleText(text.replace(/\s+/gu, ' '))
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1).replace(/\p{Cs}$/u, '')}…` : line;
}

/**
 * Foreign text as a code span, the only place where Markdown, HTML, @mentions, references and links have no effect. The
 * three characters that could end a span or a table cell are replaced by look-alikes.
 */
export function code(text: string): string {
  const shown = tamed(text).replace(/[`|\\]/g, (character) => ({ '`': 'ˋ', '|': '¦', '\\': '∖' })[character]!);
  return shown === '' ? '–' : `\`${shown}\``;
}

/**
 * Foreign text as prose: Markdown's special characters become character references, and a zero-width space follows
 * whatever hosts interpret later (@mention, #issue, !request, https://…).
 */
export function prose(text: string, longest = LONGEST): string {
  return tamed(text, longest)
    .replace(/[^\p{L}\p{N} .,;()%='’–…→·?"-]/gu, (character, at: number, whole: string) =>
      character === ':' && /\d:\d/.test(whole.slice(at - 1, at + 2)) ? ':' : `&#${character.codePointAt(0)!};`,
    )
    .replace(/(&#(?:64|35|33|38|36|126|58);)(?=\S)/g, '$1&#8203;')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}&#8203;.`)
    .replace(/^([-=]|\d+[.)])/, '&#8203;$1');
}
