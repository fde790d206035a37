import { ConfigurationError } from '../../contract/configuration-error.ts';
import { readFile } from '../read-file.ts';

/** Reads a file of mobile payloads, one a line; empty lines are left out. Init code only. Throws a ConfigurationError. */
export function readPayloads(path: string): readonly string[] {
  const lines = readFile('PAYLOADS', path)
    .split('\n')
    .map((line) => line.trim());
  lines.forEach((line, at) => {
    // What stands there is not repeated: it may be a whole payload.
    if (/\s/.test(line)) {
      throw new ConfigurationError(`PAYLOADS: line ${at + 1} of ${path} holds a space; write one payload a line`);
    }
  });
  const payloads = lines.filter((line) => line !== '');
  if (payloads.length === 0) throw new ConfigurationError(`PAYLOADS: ${path} holds no payload; write one a line`);
  return payloads;
}
