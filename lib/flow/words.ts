/**
 * Words from a server's answer. No regular expressions: on k6 the first one costs each virtual user 15 KiB.
 */

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether a text is 1 to `most` ASCII letters and digits. */
export function isWord(text: string, most: number): boolean {
  if (text === '' || text.length > most) return false;
  for (let at = 0; at < text.length; at++) if (!isLetterOrDigit(text.charCodeAt(at))) return false;
  return true;
}

/**
 * Codes go into reports. A code is a word in capitals (VALIDATION_ERROR) or lower case (invalid_grant), up to 60
 * characters with at most `digits` digits; anything else may contain a name, a passcode or a token.
 */
export function tidy(code: string, digits = 0): string {
  if (code.length > 60 || (code !== code.toUpperCase() && code !== code.toLowerCase())) return 'NOT_A_CODE';
  for (let at = 0; at < code.length; at++) {
    const found = code.charCodeAt(at);
    if (found !== 95 && (!isLetterOrDigit(found) || (found < 65 && digits-- <= 0))) return 'NOT_A_CODE';
  }
  return code;
}

/** `tidy` for the name of a state, as FIDO2_ACTIVATION_REQUIRED; passcodes have more digits. */
export function statusName(status: string): string {
  return tidy(status, 3);
}
