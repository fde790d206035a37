/** Scheme and `//`, authority, path, and what comes after the path. */
const URL_PARTS = /([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^\s"'<>/?#]*)([^\s"'<>?#]*)([?#][^\s"'<>]*)?/g;

/**
 * Masks user information (`https://name:password@host`), query and fragment (`?token=…`) of the URLs in a text: either may be a
 * secret.
 */
export function maskUrl(text: string): string {
  return text.replace(
    URL_PARTS,
    (_, scheme: string, authority: string, path: string, rest: string | undefined) =>
      `${scheme}${maskAuthority(authority)}${path.includes('@') ? '/…' : path}${maskRest(rest)}`,
  );
}

/** The same, and without paths: those of a webhook are often its secret. */
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
