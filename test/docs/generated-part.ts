/**
 * A page of docs/ with a part of it made anew: what stands between `<!-- name -->` and `<!-- /name -->`. Compared with the page
 * itself it shows whether the part is in step with the code. Throws unless each marker is there exactly once and in this
 * order: without them nothing would be compared, and the test would hold for ever.
 */
export function withGeneratedPart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const parts = page.split(begin);
  const rest = parts[1]?.split(end) ?? [];
  if (parts.length !== 2 || rest.length !== 2 || page.split(end).length !== 2) {
    throw new Error(`the page must have "${begin.trimEnd()}" and, after it, "${end}", each exactly once`);
  }
  return `${parts[0]!}${begin}\n${text}\n\n${end}${rest[1]!}`;
}

/**
 * The part of a page below a heading of the second level, without it, up to the next one. Throws unless the heading is there
 * exactly once.
 */
export function sectionBelow(page: string, heading: string): string {
  const parts = page.split(`\n## ${heading}`);
  if (parts.length !== 2) throw new Error(`the page must have the heading "## ${heading}" exactly once`);
  return parts[1]!.slice(parts[1]!.indexOf('\n')).split('\n## ')[0]!;
}

/** Longest line of a page's prose. */
export const WIDTH = 120;

/** A paragraph in lines of at most WIDTH characters; code in backticks is not broken. */
export function wrapped(paragraph: string): string {
  const words = paragraph.match(/(?:`[^`]*`|\S)+/g) ?? [];
  return words.reduce((text, word) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return text === '' ? word : `${text}${line.length + 1 + word.length > WIDTH ? '\n' : ' '}${word}`;
  }, '');
}
