import type { ServerResponse } from 'node:http';

/** Between two signs of life, in milliseconds: what stands in between may else end a silent connection. */
const PING_EVERY = 15_000;

/** Bytes that a page may be behind. It is let go then, comes again by itself, and is told how things are. */
const MOST_BEHIND = 4 * 1024 * 1024;

/** Tells all open pages what happens, by server-sent events (HTML Standard, "Server-sent events"). */
export interface EventStream {
  /** Takes a page in. @param first what it is told at once */
  add(response: ServerResponse, name: string, first: unknown): void;
  readonly hasListeners: boolean;
  tell(name: string, data: unknown): void;
  close(): void;
}

export function eventStream(): EventStream {
  const pages = new Set<ServerResponse>();
  const write = (page: ServerResponse, text: string): void => {
    page.write(text);
    if (page.writableLength > MOST_BEHIND) page.destroy();
  };
  const ping = setInterval(() => pages.forEach((page) => write(page, ':\n\n')), PING_EVERY);

  return {
    add(page, name, first) {
      // It may have left while it was found out what it is told.
      if (page.destroyed) return;
      page.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      pages.add(page);
      page.on('close', () => pages.delete(page));
      // The error of a connection that is gone; 'close' follows.
      page.on('error', () => undefined);
      write(page, message(name, first));
    },
    get hasListeners() {
      return pages.size > 0;
    },
    tell(name, data) {
      const text = message(name, data);
      for (const page of pages) write(page, text);
    },
    close() {
      clearInterval(ping);
      for (const page of pages) page.end();
    },
  };
}

/** JSON has no line ends of its own, so it is one line of data. */
function message(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
