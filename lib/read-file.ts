import { ConfigurationError } from '../contract/configuration-error.ts';

/**
 * Text of a file: UTF-8, or UTF-16 with a byte order mark. k6 resolves a relative path against the script; the command
 * makes it absolute first. Init code only. Throws a ConfigurationError that names the setting but no content.
 */
export function readFile(setting: string, path: string, remedy = 'use the absolute path of a file'): string {
  const absolute = /^(?:[A-Za-z]:)?[\\/]/.test(path);
  const from = absolute ? path : `./${path}`;
  let text: string;
  try {
    text = open(from);
    if (text.startsWith('\ufffd')) text = utf16(new Uint8Array(open(from, 'b'))) ?? text;
  } catch {
    const folder = absolute ? '' : ' in the folder of the script';
    throw new ConfigurationError(`${setting}: cannot read ${path}${folder}; ${remedy}`);
  }
  const at = text.search(/[\0\ufffd]/);
  if (at >= 0) {
    throw new ConfigurationError(
      `${setting}: line ${text.slice(0, at).split('\n').length} of ${path} is not UTF-8, or lost a character in a conversion; save the file as UTF-8`,
    );
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Decodes UTF-16 with a byte order mark; undefined for other bytes. */
function utf16(bytes: Uint8Array): string | undefined {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!little && (bytes[0] !== 0xfe || bytes[1] !== 0xff)) return undefined;
  let text = '';
  for (let at = 2; at + 1 < bytes.length; at += 2) {
    const [one, other] = [bytes[at]!, bytes[at + 1]!];
    text += String.fromCharCode(little ? one | (other << 8) : (one << 8) | other);
  }
  return text;
}

/** Reads a file of mobile payloads, one per line, without empty lines. Init code only. Throws a ConfigurationError. */
export function readPayloads(path: string): readonly string[] {
  const lines = readFile('PAYLOADS', path)
    .split('\n')
    .map((line) => line.trim());
  lines.forEach((line, at) => {
    // The message does not quote the line: it may be a whole payload.
    if (/\s/.test(line)) {
      throw new ConfigurationError(`PAYLOADS: line ${at + 1} of ${path} contains a space; write one payload per line`);
    }
  });
  const payloads = lines.filter((line) => line !== '');
  if (payloads.length === 0) throw new ConfigurationError(`PAYLOADS: ${path} contains no payloads; write one per line`);
  return payloads;
}
