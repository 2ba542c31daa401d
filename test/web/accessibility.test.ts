import { readFileSync } from "node:fs";
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { browserPath, unlessBrowser, useStage } from "./support/browser.ts";
import { passphrase } from "./support/fake-approvals.ts";
import { tour } from "./support/tour.ts";

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

describe.skipIf(!browserPath)(`everybody can use the page${unlessBrowser}`, () => {
  const stage = useStage();

  it("can be used with the keyboard alone, and the focus is always to be seen", async () => {
    const page = await stage.open(`/plans/${stage.approvals.add("p1", {}, "destructive")}`);
    await page.waitForSelector("#passphrase:focus"); // by itself, a moment after the page is there
    await page.keyboard.type(passphrase);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#typed");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    expect(await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")).toBe(true);
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    const passed: unknown[] = [];
    const tabTo = async (id: string) => {
      for (let tabs = 0; tabs < 20; tabs++) {
        await page.keyboard.press("Tab");
        passed.push(await page.evaluate("document.activeElement.id"));
        expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
        if (passed.at(-1) === id) return;
      }
    };
    await tabTo("typed");
    await page.keyboard.type("plex");
    await tabTo("approve");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#code")).toBe("K7QM-2XRA");
    expect(passed).toEqual(["back", "", "typed", "approve"]);
  });

  const stops = 17;
  const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  const complaints = `axe.run().then(({ violations, incomplete }) => [...violations, ...incomplete]
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`;

  it.each<[string, BrowserContextOptions]>([
    ["a desktop, light", { colorScheme: "light", viewport: { width: 1100, height: 800 } }],
    ["a phone of 320 px, dark", { colorScheme: "dark", viewport: { width: 320, height: 640 } }],
  ])(
    "axe finds nothing on any page, and nothing needs sideways scrolling: %s",
    async (_, options) => {
      const page = await stage.open("/login", options);
      const found: unknown[] = [];
      await tour(page, stage.served.url, stage.approvals, async (name) => {
        await page.evaluate(axe);
        found.push({ name, overhang: await page.evaluate(overhang), complaints: await page.evaluate(complaints) });
      });
      expect(found).toHaveLength(stops);
      expect(found).toEqual(found.map(() => ({ name: expect.anything(), overhang: 0, complaints: [] })));
    },
    120_000,
  );

  it("text of twice the size fits, at a zoom of 200 % too", async () => {
    const page = await stage.open("/login", { viewport: { width: 640, height: 400 } });
    const found: unknown[] = [];
    await tour(page, stage.served.url, stage.approvals, async (name) => {
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      found.push([name, await page.evaluate(overhang)]);
    });
    expect(found).toHaveLength(stops);
    expect(found).toEqual(found.map(() => [expect.anything(), 0]));
  }, 60_000);

  it("is dark where the person likes it dark, and moves nothing where they like it still", async () => {
    const ground = async (page: Page) => await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground(await stage.open("/login", { colorScheme: "light" }))).toBe("rgb(244, 246, 244)");
    const dark = await stage.open("/login", { colorScheme: "dark", reducedMotion: "reduce" });
    expect(await ground(dark)).toBe("rgb(16, 21, 19)");
    expect(await dark.evaluate("getComputedStyle(document.querySelector('button')).transitionDuration")).toBe("0s");
  });
});
