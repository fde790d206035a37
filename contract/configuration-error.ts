/**
 * The user's configuration is invalid. Thrown in a script's init code; the engine exits with 104, k6 (which only knows
 * exceptions) with 107. The message is one line: what is wrong, where, and what to write instead.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
