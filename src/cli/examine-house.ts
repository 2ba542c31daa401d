import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { approverIn } from "../confirm/approver.ts";
import { openAudit } from "../confirm/audit.ts";
import { openDoor, urlOf } from "../mcp/door.ts";
import { ownedSecret } from "../mcp/owned-file.ts";
import { isOurs } from "../mcp/page-finder.ts";
import { asProblem } from "../shared/errors.ts";
import { openStore } from "../store/open.ts";
import type { Surroundings } from "./command.ts";
import type { Finding } from "./doctor.ts";
import type { Home } from "./home.ts";

/** What Home Steward itself stands on: Node, configuration, state folder, approver, audit, port. */
export async function examineHouse(home: Home, { platform }: Surroundings): Promise<Finding[]> {
  return [
    { is: "ok", what: "Node", says: process.versions.node },
    configuration(home),
    stateFolder(home.folder, platform),
    approver(home.folder),
    audit(home.folder),
    await port(home),
  ];
}

function configuration({ file, found, warnings }: Home): Finding {
  const what = "Configuration";
  const [warning] = warnings;
  if (warning) return { is: "note", what, says: warnings.join(" ") };
  if (file) return { is: "ok", what, says: file };
  if (!found) return { is: "ok", what, says: "from the environment" };
  const here = found.words.length > 0 ? `found here: ${found.words.join(", ")}` : "nothing was found on this machine";
  return { is: "note", what, says: `none; ${here}.`, fix: "Write one: see config.example.yaml." };
}

function stateFolder(folder: string, platform: NodeJS.Platform): Finding {
  const what = "State folder";
  if (!existsSync(folder))
    return { is: "note", what, says: `${folder} does not exist yet; it is made at the first start.` };
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return {
      is: "problem",
      what,
      says: `${folder} can't be written.`,
      fix: "Give it to the user who runs Home Steward.",
    };
  }
  const mode = statSync(folder).mode & 0o777;
  if (platform !== "win32" && (mode & 0o077) !== 0) {
    return { is: "problem", what, says: `others can look into ${folder}.`, fix: `chmod 700 ${folder}` };
  }
  return { is: "ok", what, says: folder };
}

function approver(folder: string): Finding {
  const what = "Approver";
  try {
    if (approverIn(folder).exists()) return { is: "ok", what, says: "there is one." };
  } catch (error) {
    return wrong(what, error);
  }
  return {
    is: "note",
    what,
    says: "there is none yet, so nothing can be changed.",
    fix: "home-steward setup makes one.",
  };
}

function audit(folder: string): Finding {
  const what = "Audit";
  if (!existsSync(join(folder, "steward.db"))) return { is: "ok", what, says: "empty: nothing was ever planned." };
  try {
    const store = openStore(folder);
    try {
      const { state, says } = openAudit(store, Date.now).verify();
      return { is: state === "intact" ? "ok" : "problem", what, says };
    } finally {
      store.close();
    }
  } catch (error) {
    return wrong(what, error);
  }
}

async function port({ config, folder }: Home): Promise<Finding> {
  const { host, port } = config.http;
  const what = `Port ${port}`;
  const key = existsSync(join(folder, "page.key")) ? ownedSecret(folder, "page.key") : null;
  if (key !== null && (await isOurs(urlOf(host, port), key))) {
    return { is: "ok", what, says: `this home's approval page is open there: ${urlOf(host, port)}/` };
  }
  try {
    const door = await openDoor({ host, port, rooms: [], onError: () => {} });
    await door.close();
    return { is: "ok", what, says: "free." };
  } catch {
    const fix = "The daemon needs it: end that program or set http.port. The approval page would take a free port.";
    return { is: "note", what, says: "another program has it.", fix };
  }
}

function wrong(what: string, error: unknown): Finding {
  const { message, fix } = asProblem(error);
  return { is: "problem", what, says: message, fix };
}
