import { expect, test } from 'vitest';
import { sectionBelow, withGeneratedPart } from './generated-part.ts';

test('a part of a page is made anew, and nothing else', () => {
  const page = '# Page\n\n<!-- rows -->\n\nold\n\n<!-- /rows -->\n\nend\n';
  expect(withGeneratedPart(page, 'rows', '$& new')).toBe(
    '# Page\n\n<!-- rows -->\n\n$& new\n\n<!-- /rows -->\n\nend\n',
  );
});

test.each([
  ['no marker', '# Page\n'],
  ['no end', '<!-- rows -->\nold\n'],
  ['no beginning', 'old\n<!-- /rows -->\n'],
  ['the end first', '<!-- /rows -->\n<!-- rows -->\nold\n'],
  ['two beginnings', '<!-- rows -->\n<!-- rows -->\nold\n<!-- /rows -->\n'],
  ['two ends', '<!-- rows -->\nold\n<!-- /rows -->\n<!-- /rows -->\n'],
])('a page with %s is refused', (_title, page) => {
  expect(() => withGeneratedPart(page, 'rows', 'new')).toThrow('each exactly once');
});

test('a section that is not there, or twice, is refused', () => {
  expect(sectionBelow('# Page\n\n## One\n\na\n\n## Two\n\nb\n', 'One')).toBe('\n\na\n');
  expect(() => sectionBelow('# Page\n', 'One')).toThrow('exactly once');
  expect(() => sectionBelow('\n## One\n\n## One\n', 'One')).toThrow('exactly once');
});
