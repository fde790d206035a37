/** What the page uses of a browser; the project is not compiled for one. */
export interface Browser {
  readonly document: {
    title: string;
    readonly body: PageElement;
    readonly activeElement: PageElement | null;
    getElementById(id: string): PageElement | null;
    createElement(name: string): PageElement;
  };
  readonly EventSource: new (url: string) => EventStream;
  readonly fetch: (url: string, how: object) => Promise<{ readonly ok: boolean }>;
  readonly setTimeout: (act: () => void, ms: number) => unknown;
  readonly setInterval: (act: () => void, ms: number) => unknown;
  readonly scrollTo: (x: number, y: number) => void;
}

interface PageElement {
  id: string;
  className: string;
  innerHTML: string;
  textContent: string | null;
  open: boolean;
  disabled: boolean;
  scrollLeft: number;
  scrollTop: number;
  readonly children: { readonly length: number; readonly [at: number]: PageElement };
  querySelectorAll(selector: string): Iterable<PageElement>;
  insertBefore(child: PageElement, before: PageElement | null): void;
  remove(): void;
  focus(how: object): void;
  getAttribute(name: string): string | null;
  addEventListener(name: string, act: () => void): void;
}

interface EventStream {
  /** 2: closed for good. */
  readonly readyState: number;
  addEventListener(name: string, act: (event: { readonly data: string }) => void): void;
  close(): void;
}

/**
 * Runs in the browser: shows what the events of the run say. It is sent as text, so it uses nothing outside itself.
 * A part that is shown anew keeps what is unfolded, scrolled and focused in it.
 */
export function follow({ document, EventSource, fetch, setTimeout, setInterval, scrollTo }: Browser): void {
  const byId = (id: string): PageElement => document.getElementById(id)!;
  const [parts, link] = [byId('parts'), byId('link')];
  let heardAt = Date.now();
  let over = false;

  const say = (words: string): void => {
    if (link.textContent !== words) link.textContent = words;
  };

  const fill = (part: PageElement, html: string): void => {
    const inside = (selector: string): PageElement[] => Array.from(part.querySelectorAll(selector));
    const reachable = 'a,button,summary,[tabindex]';
    const open = inside('details').map((one) => one.open);
    const places = inside('.scroll').map((one) => [one.scrollLeft, one.scrollTop] as const);
    const focused = document.activeElement === null ? -1 : inside(reachable).indexOf(document.activeElement);
    part.innerHTML = html;
    inside('details').forEach((one, at) => {
      if (open[at] === true) one.open = true;
    });
    inside('.scroll').forEach((one, at) => {
      const [left, top] = places[at] ?? [0, 0];
      one.scrollLeft = left;
      one.scrollTop = top;
    });
    if (focused >= 0) inside(reachable)[focused]?.focus({ preventScroll: true });
  };

  const show = (order: readonly string[], set: Readonly<Record<string, string>>): void => {
    order.forEach((name, at) => {
      let part = document.getElementById(`part-${name}`);
      if (part === null) {
        part = document.createElement('div');
        part.id = `part-${name}`;
      }
      if (parts.children[at] !== part) parts.insertBefore(part, parts.children[at] ?? null);
    });
    while (parts.children.length > order.length) parts.children[order.length]!.remove();
    for (const name of Object.keys(set)) {
      const part = document.getElementById(`part-${name}`);
      if (part !== null) fill(part, set[name]!);
    }
  };

  const connect = (): void => {
    const source = new EventSource('/events');
    source.addEventListener('frame', ({ data }) => {
      heardAt = Date.now();
      say('Connected.');
      const { order, set } = JSON.parse(data) as { order: string[]; set: Record<string, string> };
      document.title = set['title'] ?? document.title;
      show(order, set);
    });
    source.addEventListener('end', ({ data }) => {
      over = true;
      source.close();
      const { title, kind, body } = JSON.parse(data) as { title: string; kind: string; body: string };
      document.title = title;
      document.body.className = kind;
      document.body.innerHTML = body;
      scrollTo(0, 0);
    });
    source.addEventListener('error', () => {
      if (over) return;
      say('Connection lost; trying again. If the run has ended, its report is in its folder.');
      // A browser gives up on an answer that is no stream, such as one of a proxy.
      if (source.readyState === 2) setTimeout(connect, 1_000);
    });
  };

  setInterval(() => {
    const seconds = Math.round((Date.now() - heardAt) / 1_000);
    if (!over && seconds >= 4) say(`No news for ${seconds} s; trying again.`);
  }, 1_000);

  const stop = document.getElementById('stop');
  stop?.addEventListener('click', () => {
    if (stop.textContent === 'Stop gracefully') {
      stop.textContent = 'Stop: are you sure?';
      setTimeout(() => {
        if (!stop.disabled) stop.textContent = 'Stop gracefully';
      }, 5_000);
      return;
    }
    stop.disabled = true;
    const headers = { 'x-pairstorm-control': stop.getAttribute('data-control') ?? '' };
    fetch('/stop', { method: 'POST', headers })
      .then(({ ok }) => {
        stop.textContent = ok ? 'Stopping: flows under way finish' : 'Not stopped';
      })
      .catch(() => {
        stop.disabled = false;
        stop.textContent = 'Stop gracefully';
      });
  });

  connect();
}
