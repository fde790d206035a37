import { ConfigurationError } from '../../contract/configuration-error.ts';

/** A configuration error with a list of what can be written instead, a line each. */
export class ListedError extends ConfigurationError {
  readonly list: readonly string[];
  constructor(message: string, list: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.list = list;
  }
}
