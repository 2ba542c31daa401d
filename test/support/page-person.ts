import { expect } from "vitest";

/** A person who logs in on the approval page with `passphrase`, and presses "approve and run". */
export async function approveOnPage(page: string, passphrase: string, planId: string): Promise<void> {
  const origin = page.replace(/\/$/, "");
  const csrfOf = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
  let cookie = "";
  const send = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(`${origin}${path}`, {
      redirect: "manual",
      headers: { cookie, origin },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return { status: response.status, html: await response.text() };
  };
  const login = await send("/login");
  expect((await send("/login", { passphrase, csrf: csrfOf(login.html) })).status).toBe(303);
  const plan = await send(`/plans/${planId}`);
  const decided = await send(`/plans/${planId}/approve`, { csrf: csrfOf(plan.html), run: "yes" });
  expect(decided.status, decided.html).toBeLessThan(400);
}
