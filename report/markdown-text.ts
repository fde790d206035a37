import { visibleText } from '../contract/shown-text.ts';

/** Longest text of other people in a comment, in characters. */
const LONGEST = 160;

/** A text in one line, cut; what steers is shown as an escape, or left out (the rest of Unicode category C: lone surrogates …). */
function tamed(text: string): string {
  const line = visibleText(text.replace(/\s+/gu, ' '))
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…` : line;
}

/**
 * A text of other people as a code span, the one place where Markdown, HTML, @mentions, references and links mean nothing. The
 * three characters that end a span or a table cell are shown by look-alikes.
 */
export function code(text: string): string {
  const shown = tamed(text).replace(/[`|\\]/g, (character) => ({ '`': 'ˋ', '|': '¦', '\\': '∖' })[character]!);
  return shown === '' ? '–' : `\`${shown}\``;
}

/**
 * A text of other people as prose: what Markdown could read is written as character references, and a zero-width space stands
 * behind what hosts read afterwards (@mention, #issue, !request, https://…).
 */
export function prose(text: string): string {
  return tamed(text)
    .replace(/[^\p{L}\p{N} .,;()%='’–…→·?"-]/gu, (character, at: number, whole: string) =>
      character === ':' && /\d:\d/.test(whole.slice(at - 1, at + 2)) ? ':' : `&#${character.codePointAt(0)!};`,
    )
    .replace(/(&#(?:64|35|33|38|36|126|58);)(?=\S)/g, '$1&#8203;')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}&#8203;.`)
    .replace(/^([-=]|\d+[.)])/, '&#8203;$1');
}
