/** Imports run one way only (docs/architecture.md). test/architecture shows that a planted violation goes red. */
const only = (name, from, allowed, typesOnly = []) => {
  const rule = (suffix, to) => ({ name: `${name}${suffix}`, severity: "error", from: { path: `^src/${from}` }, to });
  const reachable = [`${from}`, "shared/", ...allowed, ...typesOnly].map((path) => `^src/${path}`).join("|");
  const rules = [rule("", { path: "^src/", pathNot: reachable })];
  if (typesOnly.length > 0) {
    const path = typesOnly.map((folder) => `^src/${folder}`).join("|");
    const pathNot = [`${from}`, ...allowed].map((folder) => `^src/${folder}`).join("|");
    rules.push(rule("-types-only", { path, pathNot, dependencyTypesNot: ["type-only"] }));
  }
  return rules;
};

/** A package that only one folder may import. */
const onlyIn = (name, folder, packages) => ({
  name,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/${folder}` },
  to: { path: `node_modules/(@types/)?(${packages})/` },
});

/** Folders that compute or describe: hashing and formatting are all they need of the machine. */
const noIo = (name, folders) => ({
  name,
  severity: "error",
  from: { path: `^src/(${folders})/` },
  to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|util)$" },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    // An import that can't be resolved can't be judged either.
    { name: "no-unresolvable", severity: "error", from: { path: "^src/" }, to: { couldNotResolve: true } },
    {
      name: "no-development-dependency",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-from-outside-src",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|lab|bench|scripts)/" },
    },
    ...only("shared-knows-nobody", "shared/", []),
    ...only("analysis-is-pure", "analysis/", [], ["systems/"]),
    ...only("systems-know-config-types", "systems/", [], ["config/"]),
    ...only("config-stands-alone", "config/", []),
    ...only("confirm-knows-the-store", "confirm/", ["store/"]),
    ...only("store-stands-alone", "store/", []),
    ...only("tools-are-thin", "tools/", ["analysis/", "confirm/define"], ["systems/"]),
    // A resource reads the way its tool does: tools/storage/read-disks.ts.
    ...only(
      "resources-are-thin",
      "resources/",
      ["analysis/", "confirm/define", "tools/(define|[a-z]+/read-)"],
      ["systems/"],
    ),
    ...only("prompts-are-thin", "prompts/", ["analysis/", "confirm/define", "tools/define"], ["systems/"]),
    ...only("watch-asks-the-gate", "watch/", ["analysis/", "store/", "confirm/"], ["systems/"]),
    ...only("mcp-is-the-edge", "mcp/", ["tools/", "resources/", "prompts/", "confirm/", "store/"], ["systems/"]),
    ...only("web-shows-the-gate", "web/", ["tools/", "resources/", "prompts/", "confirm/", "store/"], ["systems/"]),
    onlyIn("sql-stays-in-the-store", "store/", "better-sqlite3"),
    onlyIn("sdk-stays-at-the-edge", "mcp/", "@modelcontextprotocol/[^/]+"),
    onlyIn("wires-stay-in-systems", "systems/", "dockerode|ssh2"),
    noIo("analysis-does-no-io", "analysis"),
    noIo("thin-folders-do-no-io", "tools|resources|prompts"),
    {
      name: "only-the-gate-issues-proofs",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/confirm/" },
      to: { path: "^src/confirm/issue[.]ts$" },
    },
    {
      name: "the-gate-has-no-hands",
      severity: "error",
      from: { path: "^src/(confirm|store)/" },
      to: {
        dependencyTypes: ["core"],
        path: "^(node:)?(child_process|cluster|dgram|http|http2|https|net|tls|worker_threads)$",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    // .js and .json: packages whose "main" names no extension would stay unresolved, and so unjudged.
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
