/**
 * Characters that could control a terminal or reverse the text direction, and so disguise a text: control characters
 * (C0, C1), line and paragraph separators, bidirectional controls, byte order marks.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Select Graphic Rendition (ECMA-48 8.3.117): colours, which are harmless. */
// eslint-disable-next-line no-control-regex -- this is what is looked for
const COLOUR = new RegExp('(\\u001b\\[[0-9;]*m)');

/** Escapes unsafe characters: `\x1b`, `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, escapeOf);
}

/** `visibleText` for several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escapeOf(character),
  );
}

/** `visibleLines` that keeps colours (ECMA-48, SGR), as used in summaries of scripts. */
export function colouredLines(text: string): string {
  return text
    .split(COLOUR)
    .map((part, at) => (at % 2 === 1 ? part : visibleLines(part)))
    .join('');
}

/** Escapes unsafe characters in JSON: the same value, harmless to a terminal. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    character < ' ' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

/** Scheme with `//`, authority, path, and the rest. */
const URL_PARTS = /([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^\s"'<>/?#]*)([^\s"'<>?#]*)([?#][^\s"'<>]*)?/g;

/**
 * Masks user information (`https://name:password@host`), query and fragment (`?token=…`) of all URLs in a text, because
 * they may be secrets.
 */
export function maskUrl(text: string): string {
  return text.replace(
    URL_PARTS,
    (_, scheme: string, authority: string, path: string, rest: string | undefined) =>
      `${scheme}${maskAuthority(authority)}${path.includes('@') ? '/…' : path}${maskRest(rest)}`,
  );
}

/** `maskUrl` that also masks paths: a webhook's path is often its secret. */
export function originOf(text: string): string {
  return text.replace(
    URL_PARTS,
    (_, scheme: string, authority: string, path: string, rest: string | undefined) =>
      `${scheme}${maskAuthority(authority)}${/^\/*$/.test(path) ? path : '/…'}${maskRest(rest)}`,
  );
}

function maskAuthority(authority: string): string {
  const at = authority.lastIndexOf('@');
  return at < 0 ? authority : `…@${authority.slice(at + 1)}`;
}

function maskRest(rest: string | undefined): string {
  return rest === undefined ? '' : `${rest.charAt(0)}…`;
}
