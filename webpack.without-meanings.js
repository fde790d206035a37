/** A loader: what settings mean, and which sources know a client's profile, is for people, who read it in help and docs; a bundle goes without, its lines stay where they are. */
export default function withoutMeanings(source) {
  return source.replace(/\b(?:meaning:\s*(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|source:\s*\[[^\]]*\]),?/g, (row) =>
    row.replace(/[^\n]/g, ''),
  );
}
