import { visibleText } from '../contract/shown-text.ts';

/** A text as one line that cannot steer a terminal: line breaks become spaces, control and bidirectional characters escapes. */
export function oneLine(text: string): string {
  return visibleText(
    text
      .trim()
      .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
      .replaceAll('\t', ' '),
  );
}

/** The same, with the spaces at its beginning. */
export function indentedLine(text: string): string {
  return /^ */.exec(text)![0] + oneLine(text);
}
