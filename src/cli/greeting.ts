import { mcpPath } from "../mcp/http.ts";
import type { Home } from "./home.ts";
import { ownProgram } from "./own-program.ts";
import { version } from "./version.ts";

/** What a person reads when a home is opened: what was found, where things are, how Claude gets there. */
export function greeting({
  home,
  url,
  token,
  demo,
}: {
  home: Home;
  url: string;
  token: string;
  demo?: { passphrase: string };
}): string {
  const mcp = `${url}${mcpPath}`;
  return [
    `Home Steward ${version()} is open.`,
    `  Home            ${whatHome(home, demo !== undefined)}`,
    `  Approval page   ${url}/`,
    ...(demo ? [`  Its passphrase  ${demo.passphrase}`] : []),
    `  MCP             ${mcp}`,
    "",
    "Connect Claude Code:",
    `  claude mcp add --transport http home ${mcp} --header "Authorization: Bearer ${token}"`,
    "Connect Claude Desktop, in claude_desktop_config.json:",
    `  ${desktopEntry(home)}`,
    "",
    ...(demo
      ? [
          "Then ask Claude: “What is wrong at home?”, “Update sonarr.”, or “Update radarr.”: its new version is a bad one.",
          "",
        ]
      : []),
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}

function whatHome({ file, found, config }: Home, demo: boolean): string {
  const words = found?.words.join(", ") || "nothing it knows";
  if (demo)
    return `the DEMO home: simulated, nothing in it is real${found ? ` (found on this machine: ${words})` : ""}`;
  if (found) return `this machine: ${words}`;
  const names = config.hosts.map((host) => host.name).join(", ") || "no hosts yet";
  return `${names} (from ${file ?? "the environment"})`;
}

/** The very Node and program that run now, so that it works from a clone and with an old system Node. */
function desktopEntry({ file, folder }: Home): string {
  const args = [ownProgram, "serve", ...(file ? ["--config", file] : [])];
  const env = { HOME_STEWARD_HOME: folder };
  return JSON.stringify({ mcpServers: { home: { command: process.execPath, args, env } } });
}
