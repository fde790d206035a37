import { isArrayBuffer } from './http/script-bytes.ts';

/** Validates what handleSummary returned: strings and ArrayBuffers by target. Throws a TypeError. */
export function filesOf(value: unknown): Readonly<Record<string, string | ArrayBuffer>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new TypeError('handleSummary() must return an object {target: content}');
  const files: Record<string, string | ArrayBuffer> = {};
  for (const [target, content] of Object.entries(value as Record<string, unknown>)) {
    if (typeof content !== 'string' && !isArrayBuffer(content)) {
      throw new TypeError(`handleSummary(): the content for "${target}" must be a string or an ArrayBuffer`);
    }
    files[target] = content;
  }
  return files;
}
