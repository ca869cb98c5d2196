import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, colours, smallTalk } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let context: BrowserContext;
let problems: string[];
let site: { id: string; key: string };
let other: { id: string; key: string };

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
  const security = { validate_origin: true, allowed_domains: ["127.0.0.1"] };
  site = await api.site("Strict", { privacy: { consent_mode: "open" }, security });
  other = await api.site("Other", { privacy: { consent_mode: "open" } });
  await api.publish(
    site.id,
    "One",
    smallTalk("This is one."),
    { include: [`${website.url}/*`, `${website.elsewhere}/*`] },
    2,
  );
  await api.publish(site.id, "Two", smallTalk("This is two."), { include: [`${website.url}/app/two`] }, 1);
  await api.publish(other.id, "Other", smallTalk("The other site."), { include: [`${website.url}/*`] });
  website.pages.set("/app/*", { html: pageWith(snippet(demo.url, site.key)) });
  website.pages.set("/twice", { html: pageWith(snippet(demo.url, site.key) + snippet(demo.url, site.key)) });
  website.pages.set("/other", { html: pageWith(snippet(demo.url, other.key)) });
  website.pages.set("/no-such-site", { html: pageWith(snippet(demo.url, "nobody")) });
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(10_000);
  problems = collectProblems(context);
});
afterEach(() => context.close());

const usher = (page: Page) =>
  page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function").then(() => undefined);
const usherRequests = (page: Page) => {
  const seen: string[] = [];
  page.on("request", (r) => {
    if (r.url().startsWith(demo.url)) seen.push(new URL(r.url()).pathname);
  });
  return seen;
};

test("a strict content security policy with trusted types needs only the lines of the installation screen", async () => {
  const { csp } = await api.get<{ csp: { directive: string; value: string }[] }>(
    `/sites/${site.id}/installation`,
  );
  const policy: Record<string, string> = {
    "default-src": "'none'",
    "script-src": "'nonce-c3RyaWN0'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  for (const { directive, value } of csp)
    policy[directive] = [policy[directive], value].filter(Boolean).join(" ");
  const { id: flow } = await api.flow(site.id, "Strict colours", colours());
  const { id: second } = await api.flow(site.id, "Strict choice", colours());
  website.pages.set("/strict", {
    html: pageWith(
      snippet(demo.url, site.key, ' nonce="c3RyaWN0"'),
      "",
      `<div data-usher-flow="${flow}"></div><button data-usher-flow="${second}" data-usher-ui="popup">Choose</button>`,
    ),
    headers: {
      "content-security-policy": Object.entries(policy)
        .map(([directive, value]) => `${directive} ${value}`)
        .join("; "),
    },
  });
  await context.addInitScript(() => {
    const violations: string[] = [];
    Reflect.set(window, "violations", violations);
    document.addEventListener("securitypolicyviolation", (e) =>
      violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`),
    );
  });
  const page = await context.newPage();
  await page.goto(`${website.url}/strict`);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Yes");
  await chat.field("Name").fill("Nora");
  await chat.field("E-mail").fill("nora.strict@example.com");
  await chat.send();
  await chat.ended();
  await page
    .getByRole("region", { name: /: chat$/ })
    .getByRole("button", { name: "Red" })
    .click();
  await page
    .getByRole("region", { name: /: chat$/ })
    .getByText("Red for everybody?")
    .waitFor();
  await chat.close();
  await page.getByRole("button", { name: "Choose" }).click();
  await chat.panel.and(page.locator("[aria-modal=true]")).waitFor();
  expect(await page.evaluate(() => Reflect.get(window, "violations"))).toEqual([]);
  // The style sheet has been taken: the panel floats over the page.
  expect(await chat.panel.evaluate((panel) => getComputedStyle(panel).position)).not.toBe("static");
  expect(problems).toEqual([]);
});

test("in a single-page app every new address is a page view of its own", async () => {
  const page = await context.newPage();
  await page.goto(`${website.url}/app/one`);
  const chat = new Chat(page);
  await page.getByText("This is one.").first().waitFor();
  await page.evaluate(() => history.pushState({}, "", "/app/two"));
  await page.getByText("This is two.").first().waitFor();
  await page.goBack();
  await page.getByText("This is one.").first().waitFor();
  await chat.open();
  await chat.answer("Yes");
  await chat.field("Name").waitFor();
  await page.evaluate(() => history.pushState({}, "", "/app/two"));
  await page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page"));
  await chat.hasSaid(["Yes"]);
  await chat.field("Name").waitFor();
  expect(problems).toEqual([]);
});

test("a script added twice starts once", async () => {
  const page = await context.newPage();
  const requests = usherRequests(page);
  await page.goto(`${website.url}/twice`);
  await new Chat(page).anchor.waitFor();
  expect(await page.locator("usher-widget").count()).toBe(1);
  expect(requests.filter((path) => path === "/api/visitor/v1/page")).toHaveLength(1);
});

test("a page that takes away fetch afterwards, or wraps it before, changes nothing", async () => {
  const wrap = `<script>const before = window.fetch; window.fetch = (...args) => before(...args);</script>`;
  const hostile = `<script>document.addEventListener("usher:ready", () => { window.fetch = () => { throw new Error("mine"); }; });</script>`;
  website.pages.set("/hostile", { html: pageWith(snippet(demo.url, site.key), wrap + hostile) });
  const page = await context.newPage();
  await page.goto(`${website.url}/hostile`);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("No");
  await chat.ended();
  expect(problems).toEqual([]);
});

test("the page keeps its globals, its layout and its style", async () => {
  website.pages.set("/plain", { html: pageWith("") });
  const look = () => {
    const box = document.querySelector("p")?.getBoundingClientRect();
    const style = getComputedStyle(document.body);
    return {
      box: [box?.x, box?.y, box?.width, box?.height],
      overflow: style.overflow,
      font: style.font,
      height: document.documentElement.scrollHeight,
    };
  };
  const names = () => Object.getOwnPropertyNames(window).sort();
  const plain = await context.newPage();
  await plain.goto(`${website.url}/plain`);
  const page = await context.newPage();
  await page.goto(`${website.url}/app/one`);
  await new Chat(page).open();
  expect(await page.evaluate(look)).toEqual(await plain.evaluate(look));
  const before = await plain.evaluate(names);
  expect((await page.evaluate(names)).filter((name) => !before.includes(name))).toEqual(["usher"]);
});

test("an unknown site key, or a page of a foreign origin, is shown nothing and a developer is told why", async () => {
  for (const address of [`${website.url}/no-such-site`, `${website.elsewhere}/app/one`]) {
    const page = await context.newPage();
    const warnings: string[] = [];
    page.on("console", (m) => {
      if (m.type() === "warning") warnings.push(m.text());
    });
    const refused = page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page"));
    await page.goto(address);
    const response = await refused;
    expect(response.status(), address).toBe(403);
    const warned = () => warnings.filter((w) => w.startsWith("usher:"));
    await expect.poll(warned).toHaveLength(1);
    expect(warned()[0], "a reason that a developer can read").toMatch(/site|domain|origin/i);
    expect(await page.locator("usher-widget").count()).toBe(0);
    await page.close();
  }
});

test("the token of another site opens nothing here", async () => {
  const page = await context.newPage();
  await page.goto(`${website.url}/app/one`);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Yes");
  await chat.field("Name").waitFor();
  const conversation = await page.evaluate((key) => localStorage.getItem(`usher.${key}.token`), site.key);
  await page.evaluate(
    ([token, key]) => localStorage.setItem(`usher.${key}.token`, token ?? ""),
    [conversation, other.key],
  );
  await page.goto(`${website.url}/other`);
  await chat.open();
  await chat.hears("The other site.");
  expect(await chat.offered()).toEqual(["Yes", "No"]);
  expect(await chat.said()).toEqual([]);
  const now = await page.evaluate((key) => localStorage.getItem(`usher.${key}.token`), other.key);
  expect(now, "a new token is issued").not.toBe(conversation);
});

test("with the server gone the page works, with one warning at most", async () => {
  const page = await context.newPage();
  const warnings: string[] = [];
  const thrown: string[] = [];
  page.on("console", (m) => {
    if (m.type() === "warning") warnings.push(m.text());
  });
  page.on("pageerror", (e) => thrown.push(e.message));
  await page.goto(`${website.url}/app/one`);
  await usher(page);
  await new Chat(page).anchor.waitFor();
  const ended = new Promise((settle) => demo.process.once("exit", settle));
  demo.process.kill("SIGKILL");
  await ended;
  const failed = page.waitForEvent("requestfailed");
  await page.evaluate(() => history.pushState({}, "", "/app/two"));
  await failed;
  await expect.poll(() => warnings.length).toBe(1);
  await page.getByRole("heading", { name: "Host page" }).click();
  // A second failed attempt adds no second warning.
  await page.waitForEvent("requestfailed");
  expect(warnings).toHaveLength(1);
  expect(thrown).toEqual([]);
  const fresh = await context.newPage();
  await fresh.goto(`${website.url}/app/one`);
  expect(await fresh.getByText("Words of the host.").innerText()).toBe("Words of the host.");
});
