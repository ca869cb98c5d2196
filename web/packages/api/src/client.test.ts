import { describe, expect, it, vi } from "vitest";
import { ApiClient, queryText } from "./client.ts";
import { ApiProblem } from "./problem.ts";

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  return vi.fn<typeof fetch>(async () => new Response(text, { status, headers }));
}

function sent(fetch: ReturnType<typeof answering>): { url: string; headers: Headers; init: RequestInit } {
  const [url, init] = fetch.mock.calls[0] ?? [];
  return { url: String(url), headers: new Headers(init?.headers), init: init ?? {} };
}

describe("queryText", () => {
  it("leaves out what is not set and escapes the rest", () => {
    expect(queryText({ q: "a&b", cursor: undefined, state: "", page: null, limit: 0 })).toBe(
      "?q=a%26b&limit=0",
    );
    expect(queryText({})).toBe("");
  });
});

describe("ApiClient", () => {
  it("reads JSON and sends no idempotency key with a read", async () => {
    const fetch = answering(200, { items: [1], next: null });
    const page = await new ApiClient({ fetch }).get<{ items: number[] }>("/lists", { query: { limit: 5 } });
    expect(page.items).toEqual([1]);
    expect(sent(fetch).url).toBe("/api/v1/lists?limit=5");
    expect(sent(fetch).headers.has("Idempotency-Key")).toBe(false);
  });

  it("sends version, idempotency key and JSON with a write", async () => {
    const fetch = answering(200, {});
    await new ApiClient({ fetch }).patch("/people/per_1", { attributes: { email: null } }, { ifMatch: 7 });
    const { headers, init } = sent(fetch);
    expect(headers.get("If-Match")).toBe('"7"');
    expect(headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(init.body).toBe('{"attributes":{"email":null}}');
  });

  it("gives no value for an empty answer", async () => {
    await expect(new ApiClient({ fetch: answering(204, undefined) }).delete("/lists/lst_1")).resolves.toBe(
      undefined,
    );
  });

  it("turns problem details into an ApiProblem with reasons by field", async () => {
    const fetch = answering(422, {
      type: "https://usher.invalid/problems/invalid",
      title: "Some values cannot be used",
      status: 422,
      detail: "Two values cannot be used.",
      errors: [
        { field: "/email", reason: "is not an e-mail address" },
        { field: "/attributes/score", reason: "must be a number" },
      ],
    });
    const problem = await new ApiClient({ fetch }).post("/people", {}).catch((e: unknown) => e);
    expect(problem).toBeInstanceOf(ApiProblem);
    const known = problem as ApiProblem;
    expect(known.message).toBe("Two values cannot be used.");
    expect(known.reasonFor("/email")).toBe("is not an e-mail address");
    expect(known.byField()).toEqual({
      email: "is not an e-mail address",
      "attributes.score": "must be a number",
    });
  });

  it("says something sensible when the answer is no problem document", async () => {
    const fetch = answering(502, "<html>Bad gateway</html>");
    const problem = (await new ApiClient({ fetch }).get("/people").catch((e: unknown) => e)) as ApiProblem;
    expect(problem.status).toBe(502);
    expect(problem.message).toBe("The server could not do this.");
  });

  it("tells when to try again", async () => {
    const fetch = answering(429, { title: "Slow down" }, { "Retry-After": "12" });
    const problem = (await new ApiClient({ fetch }).get("/people").catch((e: unknown) => e)) as ApiProblem;
    expect(problem.retryAfter).toBe(12);
  });

  it("reports being signed out once, and still throws", async () => {
    const onSignedOut = vi.fn();
    const client = new ApiClient({ fetch: answering(401, { title: "Sign in" }), onSignedOut });
    await expect(client.get("/people")).rejects.toMatchObject({ status: 401 });
    expect(onSignedOut).toHaveBeenCalledOnce();
  });

  it("knows a server that cannot be reached from one that refuses", async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.reject(new TypeError("Failed to fetch")));
    const problem = (await new ApiClient({ fetch }).get("/people").catch((e: unknown) => e)) as ApiProblem;
    expect(problem.isOffline).toBe(true);
    expect(problem.message).toContain("Nothing was changed");
  });

  it("lets an abort through as an abort", async () => {
    const stop = new AbortController();
    const fetch = vi.fn<typeof globalThis.fetch>(() => {
      stop.abort();
      return Promise.reject(new DOMException("stopped", "AbortError"));
    });
    await expect(new ApiClient({ fetch }).get("/people", { signal: stop.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
