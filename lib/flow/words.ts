/**
 * Words from a server's answer. By character codes: on k6 the first regular expression of a virtual user costs it 15 KiB.
 */

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** True for 1 to `most` ASCII letters and digits. */
export function isWord(text: string, most: number): boolean {
  if (text === '' || text.length > most) return false;
  for (let at = 0; at < text.length; at++) if (!isLetterOrDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Codes and statuses go into reports: ASCII letters, digits and `_` only (`?` for the rest), 60 at most. */
export function tidy(code: string): string {
  let tidied = '';
  for (let at = 0; at < code.length && at < 60; at++) {
    const found = code.charCodeAt(at);
    tidied += isLetterOrDigit(found) || found === 95 ? code[at]! : '?';
  }
  return tidied;
}
