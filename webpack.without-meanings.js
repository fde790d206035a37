/** A loader: what settings mean is for people, who read it in help and docs; a bundle goes without, its lines stay where they are. */
export default function withoutMeanings(source) {
  return source.replace(/\bmeaning:\s*(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"),?/g, (row) => row.replace(/[^\n]/g, ''));
}
