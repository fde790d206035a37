/** Something the user can put right before a run starts: an option, a file, a threshold. Ends a run with exit code 104. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
