/**
 * Something the user configured cannot be used. Thrown in a script's init code; the engine exits with 104, k6 (which knows only
 * exceptions) with 107. The message is one line: what is wrong, where, what to write instead.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
