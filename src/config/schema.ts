import { homedir } from "node:os";
import { z } from "zod";
import { logLevels } from "../shared/log.ts";
import { acceptedPorts, quotas } from "./containers.ts";
import { Secret } from "./secret.ts";

/**
 * The whole configuration. docs/config.md and the environment forms are derived from it, so every key says in its
 * description what it is for; defaults are written here and nowhere else.
 */

const text = z.string().min(1);
// Shells expand "~", configuration files are not read by one, and people write it all the same.
const path = text.overwrite((typed) => typed.replace(/^~(?=[\\/]|$)/, homedir())).meta({ expects: "a path" });
const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);
const sha256 = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/)
  .meta({ expects: '"SHA256:" and 43 characters of base64' });
const tlsFingerprint = z
  .string()
  .regex(/^(SHA256:[A-Za-z0-9+/]{43}=?|([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})$/)
  .meta({ expects: 'the certificate\'s SHA-256, as "SHA256:…" (base64) or as 32 hex pairs with colons' });

/** Written as text, as `{ env: NAME }` or as `{ file: PATH }`. */
const secret = z
  .union([text, z.strictObject({ env: text }), z.strictObject({ file: path })])
  .transform((source) => new Secret(typeof source === "string" ? { value: source } : source))
  .meta({ secret: true, expects: "text, { env: NAME } or { file: PATH }" });

/** A file that holds a secret, named by its path: a private key. */
const secretFile = path
  .transform((file) => new Secret({ file }))
  .meta({ secretFile: true, expects: "a path to a file that only its owner can read" });

const docker = z
  .union([
    z.strictObject({ socket: path.describe("Path of Docker's socket on this machine (a named pipe on Windows).") }),
    z.strictObject({
      url: z
        .url({ protocol: /^(tcp|http|https)$/ })
        .meta({ expects: "tcp://host:port" })
        .describe("Docker's TCP address, e.g. tcp://nas.lan:2376. With ca, cert and key it is spoken over TLS."),
      ca: path.optional().describe("File with the certificate authority that signed the engine's certificate."),
      cert: path.optional().describe("File with the client's certificate."),
      key: secretFile.optional().describe("File with the client's private key."),
    }),
    z.strictObject({
      ssh: z.literal(true).describe("Reach Docker over this host's ssh connection."),
      socket: path.default("/var/run/docker.sock").describe("Path of Docker's socket on that machine."),
    }),
    z.strictObject({
      portainer: z.literal(true).describe("Reach Docker through this host's Portainer."),
      endpoint: wholeNumber(1, 1_000_000).describe("Number of the environment in Portainer."),
    }),
  ])
  .meta({ expects: "{ socket }, { url }, { ssh: true } or { portainer: true, endpoint }" });

const ssh = z.strictObject({
  host: text.describe("Name or address of the machine."),
  port: wholeNumber(1, 65_535).default(22).describe("Port of its ssh server."),
  user: text.describe("User to log in as."),
  key_file: secretFile.describe("Private key to log in with."),
  passphrase: secret.optional().describe("Passphrase of that key, if it has one."),
  host_key: sha256.describe('The machine\'s host key as "ssh-keygen -lf" prints it. Another key is refused.'),
});

const host = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/)
      .meta({ expects: "small letters, digits, dots and hyphens" })
      .describe("What you and Claude call this machine."),
    docker: docker.optional().describe("How to reach its Docker engine."),
    ssh: ssh.optional().describe("How to log in to it."),
    shell: z
      .enum(["local", "ssh"])
      .optional()
      .describe(
        "Where its zpool, zfs and smartctl are run: on this machine (local), or over this host's ssh connection.",
      ),
    roots: z
      .array(
        z
          .string()
          .regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._@+: -]+)+$/)
          .meta({ expects: "an absolute path of plain letters, without . and .." }),
      )
      .min(1)
      .optional()
      .describe(
        "Folders whose trees may be walked and mended, nothing outside of them; /mnt if left out. Needs shell.",
      ),
    secrets_folder: z
      .string()
      .regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._@+: -]+)+\/home-steward-secrets$/)
      .meta({ expects: "an absolute path that ends in /home-steward-secrets" })
      .optional()
      .describe(
        "Folder of that machine, inside roots, for the secrets that fix_permissions takes out of environments. It is root's " +
          "alone and is made if missing; no container may have it or a folder above it mounted to write. Needs shell.",
      ),
    portainer: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).describe("Address of Portainer, e.g. https://nas.lan:9443."),
        api_key: secret.describe("Access token of a Portainer user."),
        fingerprint: tlsFingerprint.optional().describe("Its certificate, pinned, where no authority vouches for it."),
      })
      .optional()
      .describe("Portainer on this machine."),
    truenas: z
      .strictObject({
        url: z.url({ protocol: /^wss?$/ }).describe("Address of TrueNAS, e.g. wss://nas.lan."),
        username: text.describe("User the API key belongs to."),
        api_key: secret.describe("API key of that user."),
        fingerprint: tlsFingerprint.optional().describe("Its certificate, pinned, where no authority vouches for it."),
      })
      .optional()
      .describe("TrueNAS on this machine: its pools, datasets, snapshots and accounts are read through it."),
    compose: z
      .literal(true)
      .optional()
      .describe(
        "Update containers that docker compose made here by docker compose itself, through the shell, where their file " +
          "lies inside roots. Its account must be allowed to use Docker.",
      ),
    midclt: z
      .literal(true)
      .optional()
      .describe("This machine is a TrueNAS whose API can't be reached: its own midclt is asked, through the shell."),
  })
  .check(({ value, issues }) => {
    const needs = (key: "ssh" | "portainer" | "shell", asking = "docker") =>
      issues.push({
        code: "custom",
        input: value,
        path: [key],
        message: `${asking} asks for ${key}, which is missing`,
      });
    if (value.docker && "ssh" in value.docker && !value.ssh) needs("ssh");
    if (value.docker && "portainer" in value.docker && !value.portainer) needs("portainer");
    if (value.shell === "ssh" && !value.ssh) needs("ssh", "shell");
    if (value.midclt && !value.shell) needs("shell", "midclt");
    if (value.compose && !value.shell) needs("shell", "compose");
    if (value.secrets_folder && !value.shell) needs("shell", "secrets_folder");
    const { secrets_folder: secrets, roots = ["/mnt"] } = value;
    if (secrets !== undefined && !roots.some((root) => secrets.startsWith(`${root}/`)))
      issues.push({
        code: "custom",
        input: value,
        path: ["secrets_folder"],
        message: "secrets_folder lies in none of the host's roots",
      });
  });

/** Home Steward's toolsets, in the order of their parts. */
const toolset = z.enum(["core", "docker", "storage", "automation"]);

export const configSchema = z.strictObject({
  hosts: z
    .array(host)
    .default([])
    .check(({ value, issues }) => {
      value.forEach((one, index) => {
        if (value.findIndex((other) => other.name === one.name) === index) return;
        issues.push({ code: "custom", input: one, path: [index, "name"], message: "two hosts have this name" });
      });
    })
    .describe("The machines of the home."),
  confirm: z
    .strictObject({
      approve_within_s: wholeNumber(30, 600).default(600).describe("How long a plan waits for approval, in seconds."),
      apply_within_s: wholeNumber(30, 300).default(300).describe("How long an approval holds, in seconds."),
      max_pending: wholeNumber(1, 3).default(3).describe("Plans that may wait for approval at once."),
      max_applies_per_hour: wholeNumber(1, 10).default(10).describe("Plans that may run in an hour."),
      max_containers: wholeNumber(1, 1_000).default(10).describe("Containers one plan may touch."),
      max_files: wholeNumber(1, 10_000_000).default(100_000).describe("Files one plan may touch."),
      max_bytes: wholeNumber(1, Number.MAX_SAFE_INTEGER)
        .default(1_000_000_000_000)
        .describe("Bytes one plan may touch."),
      max_grant_days: wholeNumber(1, 90).default(90).describe("Days a standing approval may hold."),
    })
    .prefault({})
    .describe("Limits of the confirmation gate. They can be tightened, not loosened."),
  toolsets: z.array(toolset).default(toolset.options).describe("Groups of tools that are offered."),
  read_only: z.boolean().default(false).describe("Offer no tool that plans or makes a change, and refuse them."),
  demo: z.boolean().default(false).describe("Say in every answer that this home is a simulated one."),
  http: z
    .strictObject({
      host: z
        .enum(["127.0.0.1", "::1"])
        .default("127.0.0.1")
        .describe("Address to listen on: loopback only. From another machine use an ssh tunnel."),
      port: wholeNumber(1, 65_535).default(8471).describe("Port of the daemon and of the approval page."),
      token: secret
        .optional()
        .describe("What a client shows as its bearer token. Made and kept in the state folder when left out."),
    })
    .prefault({})
    .describe("The daemon and the approval page."),
  bandwidth_alerts: z
    .array(
      z.strictObject({
        container: text.describe("Container name; * stands for anything."),
        mbit_per_s: z.number().positive().describe("Alert line for its traffic, in megabits per second."),
      }),
    )
    .default([{ container: "*plex*", mbit_per_s: 500 }])
    .describe("Containers whose traffic is worth a word above a line."),
  update: z
    .strictObject({
      health_timeout_s: wholeNumber(5, 3_600)
        .default(180)
        .describe("How long an updated container may take to become healthy, in seconds."),
      settle_s: wholeNumber(1, 600)
        .default(15)
        .describe("How long an updated container without a healthcheck must stay up, in seconds."),
    })
    .prefault({})
    .describe("Updates of containers."),
  exemptions: z
    .array(
      z.strictObject({
        finding: z
          .string()
          .regex(/^([a-zA-Z0-9][a-zA-Z0-9_.-]*|\*)\/([a-z_]+|\*)$/)
          .meta({ expects: "container/check, with * for any" })
          .describe("What audit_permissions calls it, e.g. plex/host_network; * stands for any container or check."),
        reason: text.describe("Why you live with it."),
        until: z.iso
          .date()
          .meta({ expects: "a day as YYYY-MM-DD" })
          .describe("Its last day, e.g. 2027-06-30: then it is reported again."),
      }),
    )
    .default([])
    .describe("Findings of audit_permissions that you live with for now."),
  quotas,
  automations: z
    .strictObject({
      every_s: wholeNumber(10, 600)
        .default(30)
        .describe("How often it is looked whether something is due that a standing approval allows, in seconds."),
    })
    .prefault({})
    .describe("What happens by itself under standing approvals (set_automation)."),
  accepted_ports: acceptedPorts,
  disk_history: z
    .strictObject({
      every_min: wholeNumber(5, 1_440)
        .default(30)
        .describe("How often SMART is read into the history, in minutes. Sleeping disks are left asleep."),
    })
    .prefault({})
    .describe("The history of disks, by which failures are foreseen."),
  log: z.enum(logLevels).default("info").describe("How much is written to stderr."),
});

export type Config = z.output<typeof configSchema>;
export type HostConfig = Config["hosts"][number];
