import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of a foreign website, as its owner would serve it. */
export interface HostPage {
  html: string;
  headers?: Record<string, string>;
}

/** A website of the test's own on another port than Usher. */
export interface Website {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** The same pages under another host name. */
  elsewhere: string;
  pages: Map<string, HostPage>;
  stop(): Promise<void>;
}

/** Serves `pages`; more can be added while it runs. A path ending in `/*` answers for everything below it. */
export async function startWebsite(): Promise<Website> {
  const pages = new Map<string, HostPage>();
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const below = [...pages].find(([name]) => name.endsWith("/*") && path.startsWith(name.slice(0, -1)))?.[1];
    const page = pages.get(path) ?? below;
    if (!page) {
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers }).end(page.html);
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    elsewhere: `http://localhost:${port}`,
    pages,
    stop: () =>
      new Promise((settle) => {
        server.closeAllConnections();
        server.close(() => settle());
      }),
  };
}

/** A page with the snippet; `head` and `body` stand before and after it. */
export function pageWith(snippet: string, head = "", body = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host page</title>${head}${snippet}</head><body><h1>Host page</h1><p>Words of the host.</p>${body}</body></html>`;
}

/** The snippet as the installation screen shows it. */
export function snippet(usher: string, key: string, more = ""): string {
  return `<script async src="${usher}/widget/v1.js" data-site="${key}"${more}></script>`;
}
