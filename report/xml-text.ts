import { visibleLines } from '../contract/shown-text.ts';

/**
 * Characters that XML 1.0 does not allow even as references: all but Char of https://www.w3.org/TR/xml/#charsets.
 * Unpaired surrogates are among them.
 */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Unescaped, parsers normalize these to a line feed or a space.
  '\r': '&#13;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** Shows control characters and bidirectional formatting characters as escapes. */
function shown(text: string): string {
  return visibleLines(text).replace(FORBIDDEN, '');
}

/** Escapes text content; drops what XML forbids and shows control characters as escapes. */
export function xmlText(text: string): string {
  return shown(text).replace(/[&<>\r]/g, (character) => REFERENCES[character]!);
}

/** Escapes an attribute value and adds quotes. */
export function xmlAttribute(text: string): string {
  return `"${shown(text).replace(/[&<>"'\r\n\t]/g, (character) => REFERENCES[character]!)}"`;
}
