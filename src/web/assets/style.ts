/** The page's one stylesheet. A string, because the build is tsc alone and copies no other files. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f4; --card: #ffffff; --text: #17211d; --soft: #4d5b55; --line: #d5ddd8; --field: #74827b;
  --accent: #0b6b57; --on-accent: #ffffff; --accent-soft: #e3f2ed;
  --good: #14663a; --good-soft: #e2f3e8; --bad: #a3262b; --bad-soft: #fbe9e8; --warn: #6b4a00; --warn-soft: #fdf3d8; --warn-line: #d9a520;
  --off-soft: #e8ecea; --shadow: 0 1px 2px rgb(23 33 29 / 0.06), 0 4px 16px rgb(23 33 29 / 0.05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101513; --card: #19201d; --text: #e6ece9; --soft: #a9b6b0; --line: #303b36; --field: #7f8e87;
    --accent: #63d2b3; --on-accent: #06251c; --accent-soft: #17332b;
    --good: #7fdba3; --good-soft: #16301f; --bad: #ff9d97; --bad-soft: #3b1c1c; --warn: #f2cf7c; --warn-soft: #33290f; --warn-line: #9a7a24;
    --off-soft: #262f2b; --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
main, .top, footer, .notice { width: 100%; max-width: 46rem; margin-inline: auto; padding-inline: 1rem; }
main { flex: 1; padding-block: 0.5rem 2.5rem; }
main:focus { outline: none; }
.narrow { max-width: 27rem; margin-inline: auto; }
.narrow ol { margin-bottom: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.4rem 0 0.5rem; letter-spacing: -0.01em; text-wrap: balance; }
h1:focus { outline: none; }
h2 { font-size: 1rem; margin: 0 0 0.4rem; }
p { margin: 0 0 0.75rem; }
ul, ol { margin: 0; padding-inline-start: 1.4rem; }
ol { padding-inline-start: 1.9rem; }
li + li { margin-top: 0.3rem; }
.result li + li { margin-top: 0.8rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
code, pre, .pick, .code output { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
code, .pick { font-size: 0.92em; }
.pick { user-select: all; font-weight: 600; }
p code { display: inline-block; }
.lead { font-size: 1.08rem; color: var(--soft); }
.hint, footer { font-size: 0.92rem; color: var(--soft); }

.top { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.6rem; padding-block: 0.9rem; }
.brand { display: inline-flex; align-items: center; gap: 0.5rem; color: inherit; font-weight: 650; text-decoration: none; margin-inline-end: auto; min-height: 2.75rem; }
.skip { position: absolute; inset-inline-start: 1rem; top: -4rem; background: var(--card); padding: 0.6rem 1rem; border-radius: 0.5rem; z-index: 1; }
.skip:focus { top: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.notice:empty { display: none; }
.notice { color: var(--warn); font-weight: 600; }
.tag { border: 1px solid var(--warn-line); color: var(--warn); background: var(--warn-soft); border-radius: 99px; padding: 0.1rem 0.7rem; font-size: 0.85rem; font-weight: 600; }

.card, .warnings, .alert, .stopped, .note { border-radius: 0.75rem; padding: 1rem 1.1rem; margin: 0 0 1rem; border: 1px solid var(--line); background: var(--card); }
.card { box-shadow: var(--shadow); }
.card > :last-child, .alert > :last-child, .note:last-child { margin-bottom: 0; }
.pair { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.warnings { background: var(--warn-soft); border-color: var(--warn-line); color: var(--warn); }
.alert { background: var(--bad-soft); border-color: var(--bad); color: var(--bad); }
.note { background: var(--accent-soft); border-color: transparent; }
.empty { color: var(--soft); text-align: center; padding-block: 2rem; }
.stopped { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; justify-content: space-between; background: var(--bad-soft); border: 2px solid var(--bad); }
.stopped > div { flex: 1 1 14rem; }
.stopped h2 { color: var(--bad); margin: 0; }
.stopped p { margin: 0; }
pre { overflow-x: auto; }

.pills { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.25rem 0 0.5rem; }
.pill { border-radius: 99px; padding: 0.1rem 0.7rem; font-size: 0.85rem; font-weight: 600; background: var(--off-soft); color: var(--text); }
.pill.wait, .pill.busy { background: var(--accent-soft); color: var(--accent); }
.pill.good { background: var(--good-soft); color: var(--good); }
.pill.bad { background: var(--bad-soft); color: var(--bad); }
.pill.disruptive { background: var(--warn-soft); color: var(--warn); }
.pill.destructive { background: var(--bad-soft); color: var(--bad); }
.plain { list-style: none; padding: 0; }
.plans .card { margin-bottom: 0.75rem; }
.plans .name { font-weight: 600; font-size: 1.08rem; margin: 0; }
.plans .hint { margin: 0.25rem 0 0; }
.left { font-variant-numeric: tabular-nums; color: var(--soft); }
.left.soon { color: var(--bad); font-weight: 600; }

.result, .decide { border: 2px solid var(--accent); }
.result.good { border-color: var(--good); }
.result.bad { border-color: var(--bad); }
.code { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; }
.code output { font-size: clamp(1.9rem, 9vw, 2.9rem); font-weight: 650; letter-spacing: 0.06em; line-height: 1.2; user-select: all; }
progress { width: 100%; height: 0.8rem; accent-color: var(--accent); }

label { display: block; font-weight: 600; margin-bottom: 0.35rem; }
input:not([type="hidden"]) { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--field); border-radius: 0.5rem; padding: 0.6rem 0.75rem; min-height: 2.75rem; margin-bottom: 0.9rem; }
input[aria-invalid="true"] { border: 2px solid var(--bad); }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0.5rem 1.1rem; border-radius: 0.5rem; border: 1px solid var(--field); background: var(--card); color: var(--text); cursor: pointer; }
button:hover { border-color: var(--text); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.second { border-color: var(--accent); color: var(--accent); }
button.danger { border-color: var(--bad); color: var(--bad); background: transparent; }
button.quiet { background: transparent; }
#logout { min-height: 2.25rem; padding: 0.25rem 0.7rem; font-size: 0.92rem; border-color: var(--line); }
.narrow .card button { width: 100%; }
.choice { display: grid; grid-template-columns: 13rem 1fr; gap: 0.25rem 1rem; align-items: center; margin-top: 0.75rem; }
.choice span, .stop span { color: var(--soft); font-size: 0.92rem; }
@media (max-width: 34rem) { .choice { grid-template-columns: 1fr; } h1 { font-size: 1.4rem; } }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert:focus { outline: none; }

#details { color: var(--soft); }
summary { cursor: pointer; min-height: 2.75rem; display: list-item; align-content: center; }
dl { margin: 0; display: grid; gap: 0.15rem; }
dt { font-weight: 600; margin-top: 0.5rem; }
dd { margin: 0; }
footer { padding-inline: 0; max-width: 44rem; width: calc(100% - 2rem); border-top: 1px solid var(--line); padding-block: 1rem 2rem; }
.stop { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin-bottom: 0.75rem; }
@media (prefers-reduced-motion: no-preference) { button { transition: border-color 0.15s; } }
@media (forced-colors: active) { .pill, .card, .alert, .warnings { border: 1px solid; } }
`;
