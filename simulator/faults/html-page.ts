/** Body and headers of a page, as gateways answer. */
export function htmlPage(title: string, text: string): { body: string; headers: Readonly<Record<string, string>> } {
  return {
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
    headers: { 'content-type': 'text/html' },
  };
}
