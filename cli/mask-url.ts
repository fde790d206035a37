/** A text in which the user information of URLs (`https://name:password@host`) is not to be read. */
export function maskUrl(text: string): string {
  return text.replace(/\/\/[^/\s]*@/g, '//…@');
}
