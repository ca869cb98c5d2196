import type { BrowserContext, Locator, Page } from "playwright-core";
import type { Screen } from "./screens.ts";
import type { Demo } from "./server.ts";

/** Signs in by the form, and waits until the console is there. */
export async function signIn(page: Page, demo: Demo, email?: string): Promise<void> {
  const user = demo.sign_ins.find((one) => (email ? one.email === email : one.owner));
  if (!user) throw new Error(`nobody signs in as ${email ?? "the owner"}`);
  await page.goto(`${demo.url}/console/sign-in`);
  await page.getByLabel("E-mail").fill(user.email);
  await page.locator("input[type=password]").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

/** A tab of the console with somebody signed in. */
export async function consoleTab(context: BrowserContext, demo: Demo, email?: string): Promise<Page> {
  const page = await context.newPage();
  await signIn(page, demo, email);
  return page;
}

/** Chooses an option of one of the console's selects. */
export async function choose(page: Page, field: Locator, option: string): Promise<void> {
  await field.click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Opens a screen by its address and waits until its title stands and nothing is being loaded. */
export async function open(page: Page, demo: Demo, path: string): Promise<void> {
  await page.goto(`${demo.url}/console${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await settled(page);
}

/** Opens a screen, and waits for its panel where one stands open on it. */
export async function openScreen(page: Page, demo: Demo, { path, panel }: Screen): Promise<void> {
  await open(page, demo, path);
  if (panel) await page.getByRole("dialog").waitFor();
}

/** Waits until no skeleton is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector(".mantine-Skeleton-root, [aria-busy=true]") === null,
  );
}
