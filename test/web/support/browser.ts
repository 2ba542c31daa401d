import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type FakeClock, fakeClock } from "../../support/clock.ts";
import { type FakeApprovals, fakeApprovals, passphrase } from "./fake-approvals.ts";
import { type Served, serve } from "./serve.ts";

const candidates = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"];

/** A Chromium of this machine, or undefined: then the tests that need one are skipped and say so. */
export const browserPath: string | undefined = candidates.find((path) => path && existsSync(path));

/** Put into the title of a suite that is skipped without a browser. */
export const unlessBrowser = browserPath ? "" : " (SKIPPED: no Chromium found; set CHROMIUM_PATH)";

/** Headless, quiet on the network, with a profile of its own that is thrown away. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(browserPath && { executablePath: browserPath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What a test has: a fresh gate and page for each, and a browser for all of a suite. */
export interface Stage {
  clock: FakeClock;
  approvals: FakeApprovals;
  served: Served;
  /** A new window, with a profile of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  logIn(path: string, options?: BrowserContextOptions): Promise<Page>;
}

export function useStage(): Stage {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage.clock = fakeClock();
    stage.approvals = fakeApprovals(stage.clock);
    stage.served = await serve(stage);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await stage.served.close();
  });
  const clock = fakeClock();
  const stage: Stage = {
    clock,
    approvals: fakeApprovals(clock),
    served: { url: "", port: 0, close: async () => {} },
    async open(path, options = {}) {
      const page = await (await browser.newContext(options)).newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(stage.served.url + path);
      return page;
    },
    async logIn(path, options) {
      const page = await stage.open(path, options);
      await page.fill("#passphrase", passphrase);
      await page.click("form button");
      await page.waitForSelector("#logout");
      return page;
    },
  };
  return stage;
}
