/** What a record says in the place of a value that is a secret, or may be one. */
export const REDACTED = '(redacted)';
