/** A text as one line that cannot steer a terminal: line breaks become spaces, other control characters are marked. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\p{Cc}/gu, (character) => (character === '\t' ? ' ' : '\uFFFD'));
}

/** The same, with the spaces at its beginning. */
export function indentedLine(text: string): string {
  return /^ */.exec(text)![0] + oneLine(text);
}
