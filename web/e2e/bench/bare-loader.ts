import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Load } from "./script-cost.ts";

/** As little as a chat's loader can do: ask, draw a button, tell. The floor under the widget's figure. */
const SCRIPT = `(async () => {
  const answer = await (await fetch("/decide", { method: "POST", body: "{}" })).json();
  const button = document.createElement("button");
  button.textContent = answer.label;
  button.style.cssText = "position:fixed;right:20px;bottom:20px;width:56px;height:56px;border-radius:50%";
  document.body.append(button);
  setTimeout(() => fetch("/told", { method: "POST", body: "{}" }), 50);
})();`;
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare</title>
<script async src="/bare.js"></script></head><body><h1>Bare</h1><p>Words.</p></body></html>`;

/** Serves a page with the bare loader until it is stopped. */
export async function startBareLoader(): Promise<{ load: Load; stop(): void }> {
  const answers: Record<string, [type: string, body: string]> = {
    "/": ["text/html; charset=utf-8", PAGE],
    "/bare.js": ["text/javascript; charset=utf-8", SCRIPT],
    "/decide": ["application/json", '{"label":"Chat"}'],
    "/told": ["application/json", "{}"],
  };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    load: { url, tag: "/bare.js", asks: "/decide", tells: "/told" },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
