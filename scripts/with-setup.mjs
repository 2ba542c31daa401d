// Runs one of the project's tasks and makes sure first that it can: installs what is missing, builds what is stale, and
// uses the pinned Node from node_modules, whatever the system's is. Plain JavaScript that Node 18 understands.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
const windows = process.platform === "win32";
const node = at("node_modules", "node", "bin", windows ? "node.exe" : "node");

/** What each task runs, and whether it needs dist. */
const tasks = {
  start: { run: [at("dist", "main.js"), "daemon"], built: true },
  test: { run: [at("node_modules", "vitest", "vitest.mjs"), "run", "--project", "unit"], built: true },
  "test:lab": { run: [at("node_modules", "vitest", "vitest.mjs"), "run", "--project", "lab"], built: true },
  bench: { run: [at("bench", "run.ts")], built: true },
  docs: { run: [at("scripts", "generate-docs.ts")], built: false },
};

const [name = "", ...more] = process.argv.slice(2);
const task = tasks[name];
if (!task) fail(`Unknown task. There are: ${Object.keys(tasks).join(", ")}.`, 2);

if (changedSince(at("package-lock.json"), at("node_modules", ".package-lock.json")) || !existsSync(node))
  await install();
if (task.built && stale()) await build();
process.exit(await run(node, [...task.run, ...more], "inherit"));

/**
 * `npm install` that saves nothing rather than `npm ci`: a lock written on one platform may lack the optional packages of
 * others, and `npm ci` refuses that. Install scripts don't run, but for the one that fetches the pinned Node.
 */
async function install() {
  say("Installing what is missing (once; about a minute) …");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await npm(["install", "--no-save", "--ignore-scripts", ...quiet]);
  await npm(["rebuild", "node", ...quiet]);
  if (!existsSync(node)) fail("The pinned Node could not be installed; npm's own messages above say why.", 1);
}

async function build() {
  say("Building …");
  const code = await run(node, [at("scripts", "build.mjs")], ["ignore", 2, 2]);
  if (code !== 0) fail("The build failed; the bundler's messages are above.", 1);
  writeFileSync(at("dist", ".built"), "");
}

/** Whether anything the build is made from is newer than the last build. */
function stale() {
  const sources = readdirSync(at("src"), { recursive: true }).map((path) => at("src", path));
  const settings = ["package.json", "package-lock.json", "tsconfig.json", "scripts/build.mjs"].map((path) => at(path));
  return [...sources, ...settings].some((path) => changedSince(path, at("dist", ".built")));
}

function changedSince(path, mark) {
  return !existsSync(mark) || statSync(path).mtimeMs > statSync(mark).mtimeMs;
}

/** Where npm started us it says where it is itself; otherwise the one on the PATH. */
async function npm(args) {
  const own = process.env.npm_execpath;
  const code = own?.endsWith(".js")
    ? await run(process.execPath, [own, ...args], ["ignore", "ignore", 2])
    : await run(windows ? "npm.cmd" : "npm", args, ["ignore", "ignore", 2]);
  if (code !== 0) fail("Installing failed; npm's own messages are above.", 1);
}

/** Runs a program to its end and answers its exit code. Ctrl-C reaches it from the terminal; a signal sent to us is passed on. */
function run(program, args, stdio) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio, shell: program.endsWith(".cmd") });
    const pass = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on("SIGINT", ignore);
    process.on("SIGTERM", pass);
    child.once("error", (error) => {
      say(error.message);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", pass);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

function say(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message, code) {
  say(message);
  process.exit(code);
}
