import { randomBytes } from 'node:crypto';
import type { ScriptRealm } from './ports.ts';
import { bytesOf, isArrayBuffer } from './script-bytes.ts';

/** Result of `http.file()`: a part of a multipart body. */
export class FileData {
  readonly data: unknown;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: unknown, filename?: string, contentType?: string) {
    this.data = data;
    this.filename = filename ?? String(Date.now());
    this.content_type = contentType ?? 'application/octet-stream';
  }
}

/** A request body on the wire, and the Content-Type that it implies. */
interface RequestBody {
  readonly content: string | Buffer | null;
  readonly contentType?: string;
}

/** Encodes the body argument of a request (k6-contract.md 6.2). Throws the script's TypeError. */
export function requestBody(body: unknown, realm: ScriptRealm): RequestBody {
  if (body === undefined || body === null) return { content: null };
  if (typeof body === 'string') return { content: body };
  if (ArrayBuffer.isView(body) || isArrayBuffer(body)) return { content: bytesOf(body, 'body', realm) };
  if (typeof body !== 'object')
    throw new realm.TypeError('the body must be a string, an ArrayBuffer, an object or null');
  const entries = Object.entries(body as Record<string, unknown>);
  if (entries.some(([, value]) => value instanceof FileData)) return multipart(entries, realm);
  const form = new URLSearchParams();
  for (const [name, value] of entries) {
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value])
      form.append(name, fieldText(item as FieldValue));
  }
  return { content: form.toString(), contentType: 'application/x-www-form-urlencoded' };
}

type FieldValue = string | number | boolean | null | undefined;

/** null and undefined are sent as empty text (k6 since v2.3). */
function fieldText(value: FieldValue): string {
  return value === null || value === undefined ? '' : String(value);
}

function multipart(entries: readonly (readonly [string, unknown])[], realm: ScriptRealm): RequestBody {
  const boundary = `pairstorm${randomBytes(12).toString('hex')}`;
  const parts: Buffer[] = [];
  const quoted = (text: string): string => text.replace(/["\r\n]/g, (c) => encodeURIComponent(c));
  for (const [name, value] of entries) {
    const file = value instanceof FileData ? value : undefined;
    const disposition = `Content-Disposition: form-data; name="${quoted(name)}"`;
    const head =
      file === undefined
        ? disposition
        : `${disposition}; filename="${quoted(file.filename)}"\r\nContent-Type: ${file.content_type.replace(/[\r\n]/g, '')}`;
    const content =
      file === undefined ? Buffer.from(fieldText(value as FieldValue)) : bytesOf(file.data, 'http.file(data)', realm);
    parts.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { content: Buffer.concat(parts), contentType: `multipart/form-data; boundary=${boundary}` };
}
