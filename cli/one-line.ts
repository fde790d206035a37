import { visibleText } from '../contract/shown-text.ts';

/** Makes a text one safe line: line breaks become spaces; control and bidirectional characters are escaped. */
export function oneLine(text: string): string {
  return visibleText(
    text
      .trim()
      .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
      .replaceAll('\t', ' '),
  );
}

/** Like oneLine, but keeps leading spaces. */
export function indentedLine(text: string): string {
  return /^ */.exec(text)![0] + oneLine(text);
}

/** A short reason for a failed request. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as Error & { readonly code?: string };
  return message === '' ? (code ?? 'no answer') : message;
}
