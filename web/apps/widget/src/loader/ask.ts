import type { Reply } from "./core.ts";

/** An answer that takes longer than this will not come. */
const PATIENCE_MS = 20_000;

/**
 * Asks the server by the given `fetch`; never throws. A string body goes out as text/plain, and a new visitor sends no
 * header of ours: the first request of a page needs no preflight.
 */
export const asker =
  (request: typeof fetch) =>
  async <T>(address: string, token: string | null, body: object | undefined): Promise<Reply<T>> => {
    try {
      const response = await request.call(window, address, {
        ...(body && { method: "POST", body: JSON.stringify(body), keepalive: true }),
        headers: token ? { "X-Usher-Visitor": token } : {},
        credentials: "omit",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: (text ? JSON.parse(text) : null) as T,
        retryAfter: Number(response.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0, body: null as T, retryAfter: 0 };
    }
  };
