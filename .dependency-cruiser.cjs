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

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...only("shared-knows-nobody", "shared/", []),
    ...only("analysis-is-pure", "analysis/", [], ["systems/"]),
    ...only("systems-know-config-types", "systems/", [], ["config/"]),
    ...only("config-stands-alone", "config/", []),
    ...only("confirm-knows-the-store", "confirm/", ["store/"]),
    ...only("store-stands-alone", "store/", []),
    ...only("tools-are-thin", "tools/", ["analysis/", "confirm/define"], ["systems/"]),
    ...only("resources-are-thin", "resources/", ["analysis/", "confirm/define", "tools/define"], ["systems/"]),
    ...only("prompts-are-thin", "prompts/", ["analysis/", "confirm/define", "tools/define"], ["systems/"]),
    ...only("mcp-is-the-edge", "mcp/", ["tools/", "resources/", "prompts/", "confirm/", "store/"], ["systems/"]),
    ...only("web-shows-the-gate", "web/", ["tools/", "resources/", "prompts/", "confirm/", "store/"], ["systems/"]),
    {
      name: "sql-stays-in-the-store",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/store/" },
      to: { path: "node_modules/better-sqlite3" },
    },
    {
      name: "analysis-does-no-io",
      severity: "error",
      from: { path: "^src/analysis/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|util)$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts"] },
  },
};
