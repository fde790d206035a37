import { ConfigurationError } from '../contract/configuration-error.ts';

/** Parser of `--results`: an empty value, as of a variable that is not set, would fill the folder one stands in. */
export function resultsPlace(text: string): string {
  if (text.trim() === '') throw new ConfigurationError('--results is empty; give a folder, such as results');
  return text;
}
