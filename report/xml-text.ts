import { visibleLines } from '../contract/shown-text.ts';

/**
 * Characters that no XML 1.0 document may hold, not even as a reference: all but Char of https://www.w3.org/TR/xml/#charsets.
 * Halves of surrogate pairs are among them.
 */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As they are, a parser makes a line feed or a space of them.
  '\r': '&#13;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** Control characters and those that turn the direction of writing around are shown as escapes. */
function shown(text: string): string {
  return visibleLines(text).replace(FORBIDDEN, '');
}

/** A text as it stands between tags: what XML forbids left out, what steers a terminal shown, the rest escaped. */
export function xmlText(text: string): string {
  return shown(text).replace(/[&<>\r]/g, (character) => REFERENCES[character]!);
}

/** A text as the value of an attribute, with its quotes. */
export function xmlAttribute(text: string): string {
  return `"${shown(text).replace(/[&<>"'\r\n\t]/g, (character) => REFERENCES[character]!)}"`;
}
